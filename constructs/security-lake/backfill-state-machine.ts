import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { roleArguments } from "../iam/role-options.js";
import { executionsArn, type Home, stateMachineArn } from "./arn.js";
import { backfillDefinition } from "./backfill-definition.js";
import type { ExporterFunction } from "./exporter-function.js";

export interface BackfillStateMachineProps {
  /** Name of the state machine and of its role, at most 64 characters. */
  readonly name: string;
  readonly home: Home;
  readonly exporter: ExporterFunction;
  /** Windows that are exported at once. */
  readonly maxConcurrency: number;
  /** Whether X-Ray traces the executions. */
  readonly tracing: boolean;
  /**
   * IAM path of the role. Another path later replaces the role.
   *
   * @default "/"
   */
  readonly rolePath?: string | undefined;
  /**
   * ARN of the managed policy that bounds the role.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
}

/**
 * A state machine that backfills windows of a tenant's history through the exporter's function, several at once
 * (Step Functions Distributed Map). It costs nothing until it is started; see `backfill-definition.ts` for its input.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export class BackfillStateMachine extends Construct {
  readonly stateMachineArn: string;
  readonly stateMachineName: string;

  constructor(scope: Construct, id: string, props: BackfillStateMachineProps) {
    super(scope, id);
    const role = this.createRole(props);
    const policy = this.createPolicy(props, role);
    const stateMachine = this.createStateMachine(props, role, policy);
    this.stateMachineArn = stateMachine.arn;
    this.stateMachineName = stateMachine.name;
  }

  protected createRole(props: BackfillStateMachineProps): IamRole {
    return addressed(
      new IamRole(this, "role", {
        name: props.name,
        description: "Step Functions runs backfills with this role",
        assumeRolePolicy: policyDocument([
          stepFunctionsAssumesRole(props.home.accountId, stateMachineArn(props.home, props.name)),
        ]),
        ...roleArguments(props),
      }),
    );
  }

  protected createPolicy(props: BackfillStateMachineProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "backfill",
        role: role.name,
        policy: policyDocument([
          invokeExporter(props.exporter.functionArn),
          startWindows(stateMachineArn(props.home, props.name)),
          followWindows(executionsArn(props.home, props.name)),
          ...(props.tracing ? [sendTraces()] : []),
        ]),
      }),
    );
  }

  protected createStateMachine(
    props: BackfillStateMachineProps,
    role: IamRole,
    policy: IamRolePolicy,
  ): SfnStateMachine {
    const { partition } = props.home;
    const { functionArn } = props.exporter;
    return addressed(
      new SfnStateMachine(this, "state-machine", {
        name: props.name,
        type: "STANDARD",
        roleArn: role.arn,
        definition: JSON.stringify(
          backfillDefinition({ partition, functionArn, maxConcurrency: props.maxConcurrency }),
        ),
        ...(props.tracing ? { tracingConfiguration: { enabled: true } } : {}),
        dependsOn: [props.exporter.lambda, policy],
      }),
    );
  }
}

/**
 * A map run's windows run as the state machine's children, whose ARN has the map's label behind the name.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
function stepFunctionsAssumesRole(accountId: string, stateMachine: string): PolicyStatement {
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

function invokeExporter(functionArn: string): PolicyStatement {
  return { Sid: "InvokeExporter", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
function startWindows(stateMachine: string): PolicyStatement {
  return {
    Sid: "StartWindows",
    Effect: "Allow",
    Action: "states:StartExecution",
    Resource: stateMachine,
  };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
function followWindows(executions: string): PolicyStatement {
  return {
    Sid: "FollowWindows",
    Effect: "Allow",
    Action: ["states:DescribeExecution", "states:StopExecution"],
    Resource: executions,
  };
}

/**
 * X-Ray knows no resources in these actions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
function sendTraces(): PolicyStatement {
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
