import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { FUNCTION, QUEUE, requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Tenant schedules", () => {
  it("ask each tenant every five minutes", () => {
    const template = synth();

    expect(template.resource("aws_scheduler_schedule_group")).toEqual({ name: "vectra-exporter" });
    expect(template.resource("aws_scheduler_schedule", "exporter_schedules_schedule-acme")).toEqual({
      name: "acme",
      group_name: "${aws_scheduler_schedule_group.exporter_schedules_group.name}",
      description: "Exports new events of the Vectra tenant acme",
      schedule_expression: "rate(5 minutes)",
      schedule_expression_timezone: "UTC",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: FUNCTION,
        role_arn: "${aws_iam_role.exporter_schedules_role.arn}",
        input: '{"tenant":"acme"}',
        dead_letter_config: { arn: QUEUE },
        retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 300 },
      },
      depends_on: [
        "aws_lambda_function.exporter_function_lambda",
        "aws_iam_role_policy.exporter_schedules_policy",
      ],
    });
  });

  it.each(["rate(1 minute)", "rate(15 minutes)", "cron(0/5 * * * ? *)"])(
    "take the schedule %s",
    (schedule) => {
      expect(synth({ schedule }).resource("aws_scheduler_schedule")["schedule_expression"]).toBe(schedule);
    },
  );

  it("use a role that their group alone may assume, for this function and queue alone", () => {
    const template = synth();

    expect(template.resource("aws_iam_role", "exporter_schedules_role")["name"]).toBe(
      "vectra-exporter-scheduler",
    );
    expect(
      template.policy("aws_iam_role", { name: "exporter_schedules_role", attribute: "assume_role_policy" }),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "SchedulerAssumesRole",
          Effect: "Allow",
          Principal: { Service: "scheduler.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: {
              "aws:SourceAccount": "333333333333",
              "aws:SourceArn": "arn:aws:scheduler:eu-west-1:333333333333:schedule-group/vectra-exporter",
            },
          },
        },
      ],
    });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_schedules_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "InvokeExporter", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION },
        { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE },
      ],
    });
  });
});
