import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Exporter alarms", () => {
  it("goes off at an error of the function", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_errors")).toEqual({
      alarm_name: "vectra-exporter-errors",
      alarm_description: expect.stringContaining("read the last ERROR line in the log group"),
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: { FunctionName: "${aws_lambda_function.exporter_function_lambda.function_name}" },
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treat_missing_data: "notBreaching",
    });
  });

  it("goes off when a tenant had no successful run for 30 minutes, or none was heard of", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_no-successful-run-acme")).toEqual(
      {
        alarm_name: "vectra-exporter-no-successful-run-acme",
        alarm_description: expect.stringContaining("the tenant's secret holds a valid API client"),
        namespace: "VectraCdr",
        metric_name: "RunSucceeded",
        dimensions: { service: "security-lake-exporter", tenant: "acme" },
        statistic: "Sum",
        period: 300,
        evaluation_periods: 6,
        comparison_operator: "LessThanThreshold",
        threshold: 1,
        treat_missing_data: "breaching",
      },
    );
  });

  it("goes off at a dead letter", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_dead-letters")).toEqual({
      alarm_name: "vectra-exporter-dead-letters",
      alarm_description: expect.stringContaining(
        'run "vectra-cdr redrive --dead-letters --function ${aws_lambda_function.exporter_function_lambda.function_name}"',
      ),
      namespace: "AWS/SQS",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "${aws_sqs_queue.exporter_dead-letters_queue.name}" },
      statistic: "Maximum",
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
    });
  });

  it("notifies each of the given topics", () => {
    const alarmActions = ["arn:aws:sns:eu-west-1:333333333333:alerts"];
    const alarms = synth({ alarmActions }).resources("aws_cloudwatch_metric_alarm");

    expect(alarms).toHaveLength(7);
    for (const { attributes } of alarms) {
      expect(attributes["alarm_actions"]).toEqual(alarmActions);
    }
  });

  it.each([
    ["lag", "LagSeconds", "Maximum", 1800, "memorySize or timeoutSeconds"],
    [
      "quarantine",
      "EventsQuarantined",
      "Sum",
      0,
      'then run "vectra-cdr redrive --function ${aws_lambda_function.exporter_function_lambda.function_name} --tenant acme".',
    ],
    [
      "authentication",
      "AuthenticationFailures",
      "Sum",
      0,
      "Act promptly: Vectra disables a client after repeated failures",
    ],
    ["throttling", "Throttled", "Sum", 0, "lengthen the schedule's interval"],
  ])("goes off at a tenant's %s", (kind, metric, statistic, threshold, remedy) => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", `exporter_alarms_${kind}-acme`)).toEqual({
      alarm_name: `vectra-exporter-${kind}-acme`,
      alarm_description: expect.stringContaining(remedy),
      namespace: "VectraCdr",
      metric_name: metric,
      dimensions: { service: "security-lake-exporter", tenant: "acme" },
      statistic,
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanThreshold",
      threshold,
      treat_missing_data: "notBreaching",
    });
  });

  it("allows another lag", () => {
    expect(
      synth({ lagThresholdSeconds: 3600 }).resource(
        "aws_cloudwatch_metric_alarm",
        "exporter_alarms_lag-acme",
      ),
    ).toMatchObject({ threshold: 3600 });
  });

  it("says in each description where the runbook tells what to do, within CloudWatch's 1,024 characters", () => {
    const runbook = readFileSync(join(import.meta.dirname, "../../../docs/runbook.md"), "utf8");
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading?.replaceAll(" ", "-"));
    const descriptions = synth()
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ attributes }) => String(attributes["alarm_description"]));

    const linked = descriptions.map((text) => / Runbook: docs\/runbook\.md#([\w-]+)$/.exec(text)?.[1]);
    expect(linked.toSorted()).toEqual([
      "authentication",
      "dead-letters",
      "errors",
      "lag",
      "no-successful-run",
      "quarantine",
      "throttling",
    ]);
    expect(sections).toEqual(expect.arrayContaining(linked));
    expect(Math.max(...descriptions.map((text) => text.length))).toBeLessThan(900);
  });
});
