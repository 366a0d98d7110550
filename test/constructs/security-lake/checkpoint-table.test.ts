import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Checkpoint table", () => {
  it("is on demand, encrypted, recoverable and retained by default", () => {
    expect(synth().resource("aws_dynamodb_table")).toEqual({
      name: "vectra-exporter-checkpoints",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "pk",
      range_key: "sk",
      attribute: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true },
      ttl: { attribute_name: "expires_at", enabled: true },
      deletion_protection_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("takes DynamoDB's own deletion protection", () => {
    expect(synth({ deletionProtection: true }).resource("aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: true,
    });
  });

  it("can be let go", () => {
    expect(synth({ retain: false }).resource("aws_dynamodb_table")).not.toHaveProperty("lifecycle");
  });
});
