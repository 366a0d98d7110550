import type { PolicyStatement } from "../iam/policy.js";

/**
 * A map run's windows are child executions, whose state machine ARN has the map's label after the name.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export function stepFunctionsAssumesRole(accountId: string, stateMachine: string): PolicyStatement {
  return {
    Sid: "StepFunctionsAssumesRole",
    Effect: "Allow",
    Principal: { Service: "states.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": [stateMachine, `${stateMachine}/*`] },
    },
  };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
export function startWindows(stateMachine: string): PolicyStatement {
  return {
    Sid: "StartWindows",
    Effect: "Allow",
    Action: "states:StartExecution",
    Resource: stateMachine,
  };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
export function followWindows(executions: string): PolicyStatement {
  return {
    Sid: "FollowWindows",
    Effect: "Allow",
    Action: ["states:DescribeExecution", "states:StopExecution"],
    Resource: executions,
  };
}

/**
 * These actions do not support resource-level permissions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
export function sendTraces(): PolicyStatement {
  return {
    Sid: "SendTraces",
    Effect: "Allow",
    Action: [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ],
    Resource: "*",
  };
}
