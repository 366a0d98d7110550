import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Client secret", () => {
  it("is created empty and retained by default", () => {
    expect(synth().resource("aws_secretsmanager_secret")).toEqual({
      name: "vectra-exporter/acme",
      description: "API client of the Vectra tenant acme: JSON with client_id and client_secret",
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("is gone at once when it need not be retained", () => {
    expect(synth({ retain: false }).resource("aws_secretsmanager_secret")).toEqual({
      name: "vectra-exporter/acme",
      description: "API client of the Vectra tenant acme: JSON with client_id and client_secret",
      recovery_window_in_days: 0,
    });
  });
});
