import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Dead-letter queue", () => {
  it("keeps messages for fourteen days, encrypted", () => {
    expect(synth().resource("aws_sqs_queue")).toEqual({
      name: "vectra-exporter-dead-letters",
      message_retention_seconds: 1209600,
      sqs_managed_sse_enabled: true,
    });
  });
});
