import type { PolicyStatement } from "../iam/policy.js";

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
export function schedulerAssumesRole(accountId: string, groupArn: string): PolicyStatement {
  return {
    Sid: "SchedulerAssumesRole",
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": groupArn } },
  };
}
