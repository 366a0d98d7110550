import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  type FlexibleTimeWindowMode,
  SchedulerClient,
  type ScheduleState,
} from "@aws-sdk/client-scheduler";
import type { Creator } from "./creator.js";

export const scheduleGroup: Creator = async (declaration, { client }) => {
  const name = declaration.string("name");
  const { ScheduleGroupArn } = await new SchedulerClient(client).send(
    new CreateScheduleGroupCommand({ Name: name }),
  );
  return { id: name, arn: ScheduleGroupArn };
};

export const schedule: Creator = async (declaration, { client }) => {
  const name = declaration.string("name");
  const group = declaration.optionalString("group_name");
  const window = declaration.block("flexible_time_window");
  const target = declaration.block("target");
  const retries = target.optionalBlock("retry_policy");
  const deadLetters = target.optionalBlock("dead_letter_config");
  const { ScheduleArn } = await new SchedulerClient(client).send(
    new CreateScheduleCommand({
      Name: name,
      GroupName: group,
      Description: declaration.optionalString("description"),
      ScheduleExpression: declaration.string("schedule_expression"),
      ScheduleExpressionTimezone: declaration.optionalString("schedule_expression_timezone"),
      State: declaration.optionalString("state") as ScheduleState | undefined,
      FlexibleTimeWindow: {
        Mode: window.string("mode") as FlexibleTimeWindowMode,
        MaximumWindowInMinutes: window.optionalNumber("maximum_window_in_minutes"),
      },
      Target: {
        Arn: target.string("arn"),
        RoleArn: target.string("role_arn"),
        Input: target.optionalString("input"),
        ...(retries && {
          RetryPolicy: {
            MaximumEventAgeInSeconds: retries.optionalNumber("maximum_event_age_in_seconds"),
            MaximumRetryAttempts: retries.optionalNumber("maximum_retry_attempts"),
          },
        }),
        ...(deadLetters && { DeadLetterConfig: { Arn: deadLetters.string("arn") } }),
      },
    }),
  );
  return { id: `${group ?? "default"}/${name}`, arn: ScheduleArn };
};
