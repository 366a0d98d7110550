import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine/index.js";
import { Construct } from "constructs";
import { type AccountAndRegion, executionsArn, stateMachineArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import { addressed } from "../address.js";
import { policyDocument } from "../iam/policy.js";
import { type RoleOptions, roleArguments } from "../iam/role-options.js";
import { backfillDefinition } from "./backfill-definition.js";
import {
  followWindows,
  sendTraces,
  startWindows,
  stepFunctionsAssumesRole,
} from "./backfill-state-machine-policy.js";
import type { ExporterFunction } from "./exporter-function.js";
import { invokeExporter } from "./exporter-function-policy.js";

export interface BackfillStateMachineProps extends RoleOptions {
  /** Name of the state machine and of its role, at most 64 characters. */
  readonly name: string;
  readonly accountAndRegion: AccountAndRegion;
  readonly exporter: ExporterFunction;
  /** Slices of time that are exported at once. */
  readonly maxConcurrency: number;
  /** Whether X-Ray traces the executions. */
  readonly tracing: boolean;
}

/**
 * A state machine that backfills slices of a tenant's history through the exporter's function, several at once
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
          stepFunctionsAssumesRole(
            props.accountAndRegion.accountId,
            stateMachineArn(props.accountAndRegion, props.name),
          ),
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
          startWindows(stateMachineArn(props.accountAndRegion, props.name)),
          followWindows(executionsArn(props.accountAndRegion, props.name)),
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
    const { partition } = props.accountAndRegion;
    const { functionArn } = props.exporter;
    return addressed(
      new SfnStateMachine(this, "state-machine", {
        name: props.name,
        type: "STANDARD",
        roleArn: role.arn,
        definition: JSON.stringify(
          backfillDefinition({ partition, functionArn, maxConcurrency: props.maxConcurrency }),
        ),
        ...given({ tracingConfiguration: props.tracing ? { enabled: true } : undefined }),
        dependsOn: [props.exporter.lambda, policy],
      }),
    );
  }
}
