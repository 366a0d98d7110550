import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { acme, requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Dashboard", () => {
  it("is none by default, because it may cost", () => {
    expect(synth().resources("aws_cloudwatch_dashboard")).toEqual([]);
  });

  it("has a line per tenant in each chart, two charts side by side", () => {
    const template = synth({ dashboard: true, tenants: [acme, { ...acme, name: "globex" }] });
    const dashboard = template.resource("aws_cloudwatch_dashboard", "exporter_dashboard_dashboard");
    const { widgets } = JSON.parse(String(dashboard["dashboard_body"])) as {
      widgets: { x: number; y: number; properties: { title: string; metrics: unknown[] } }[];
    };

    expect(dashboard["dashboard_name"]).toBe("vectra-exporter");
    expect(widgets.map(({ x, y, properties }) => [x, y, properties.title])).toEqual([
      [0, 0, "Events"],
      [12, 0, "Lag: how far the export may be behind (seconds)"],
      [0, 6, "Duration of a run (milliseconds)"],
      [12, 6, "Failures"],
      [0, 12, "Events in quarantine"],
      [12, 12, "Dead letters"],
    ]);
    expect(widgets[1]).toEqual({
      type: "metric",
      x: 12,
      y: 0,
      width: 12,
      height: 6,
      properties: {
        title: "Lag: how far the export may be behind (seconds)",
        region: "eu-west-1",
        view: "timeSeries",
        stat: "Maximum",
        period: 300,
        metrics: [
          [
            "VectraCdr",
            "LagSeconds",
            "service",
            "security-lake-exporter",
            "tenant",
            "acme",
            { label: "acme" },
          ],
          [
            "VectraCdr",
            "LagSeconds",
            "service",
            "security-lake-exporter",
            "tenant",
            "globex",
            { label: "globex" },
          ],
        ],
      },
    });
    expect(widgets[0]?.properties.metrics).toHaveLength(6);
    expect(widgets[3]?.properties.metrics.slice(0, 3)).toEqual([
      [
        "AWS/Lambda",
        "Errors",
        "FunctionName",
        "${aws_lambda_function.exporter_function_lambda.function_name}",
      ],
      [
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
        "${aws_lambda_function.exporter_function_lambda.function_name}",
      ],
      [
        "VectraCdr",
        "AuthenticationFailures",
        "service",
        "security-lake-exporter",
        "tenant",
        "acme",
        { label: "acme: AuthenticationFailures" },
      ],
    ]);
  });
});
