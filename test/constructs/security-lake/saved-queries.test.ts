import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Saved queries", () => {
  it("are none by default", () => {
    expect(synth().resources("aws_cloudwatch_query_definition")).toEqual([]);
  });

  it("ask the exporter's log, in a folder of its name", () => {
    const template = synth({ savedQueries: true });

    expect(
      template.resources("aws_cloudwatch_query_definition").map(({ attributes }) => attributes["name"]),
    ).toEqual([
      "vectra-exporter/runs that did not catch up",
      "vectra-exporter/duration and memory per hour",
      "vectra-exporter/events per tenant and hour",
      "vectra-exporter/failed runs",
    ]);
    expect(
      template.resource("aws_cloudwatch_query_definition", "exporter_saved-queries_failed-runs"),
    ).toEqual({
      name: "vectra-exporter/failed runs",
      log_group_names: ["${aws_cloudwatch_log_group.exporter_function_log-group.name}"],
      query_string: [
        "fields @timestamp, tenant, error.name, error.message",
        '| filter level = "ERROR"',
        "| sort @timestamp desc",
        "| limit 100",
      ].join("\n"),
    });
  });
});
