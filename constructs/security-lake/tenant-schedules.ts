import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { type AccountAndRegion, scheduleGroupArn } from "../../facts/arn.js";
import { addressed } from "../address.js";
import { policyDocument } from "../iam/policy.js";
import { type RoleOptions, roleArguments } from "../iam/role-options.js";
import type { DeadLetterQueue } from "./dead-letter-queue.js";
import { encryptDeadLetters, sendDeadLetters } from "./dead-letter-queue-policy.js";
import type { ExporterFunction } from "./exporter-function.js";
import { invokeExporter } from "./exporter-function-policy.js";
import { schedulerAssumesRole } from "./tenant-schedules-policy.js";

/** A tenant, and the suffix of the ids of its constructs. */
export interface ScheduledTenant {
  readonly id: string;
  readonly name: string;
}

export interface TenantSchedulesProps extends RoleOptions {
  /** Name of the schedule group. Each schedule in it has its tenant's name. */
  readonly groupName: string;
  readonly accountAndRegion: AccountAndRegion;
  readonly tenants: readonly ScheduledTenant[];
  /** `rate(...)` or `cron(...)`, in UTC. */
  readonly schedule: string;
  readonly exporter: ExporterFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  /**
   * Key that the dead-letter queue is encrypted with.
   *
   * @default - a key of SQS, which needs no permission
   */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * One schedule per tenant, in a group. Only that group may assume the role, which may invoke this function and send
 * dead letters, and nothing else.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export class TenantSchedules extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: TenantSchedulesProps) {
    super(scope, id);

    const group = this.createGroup(props);
    const role = this.createRole(props);
    const policy = this.createPolicy(props, role);
    for (const tenant of props.tenants) {
      this.createSchedule(props, tenant, group, role, policy);
    }
    this.roleArn = role.arn;
  }

  protected createGroup(props: TenantSchedulesProps): SchedulerScheduleGroup {
    return addressed(new SchedulerScheduleGroup(this, "group", { name: props.groupName }));
  }

  protected createRole(props: TenantSchedulesProps): IamRole {
    return addressed(
      new IamRole(this, "role", {
        name: `${props.groupName}-scheduler`,
        description: "EventBridge Scheduler invokes the exporter with this role",
        assumeRolePolicy: policyDocument([
          schedulerAssumesRole(
            props.accountAndRegion.accountId,
            scheduleGroupArn(props.accountAndRegion, props.groupName),
          ),
        ]),
        ...roleArguments(props),
      }),
    );
  }

  protected createPolicy(props: TenantSchedulesProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "invoke-exporter",
        role: role.name,
        policy: policyDocument([
          invokeExporter(props.exporter.functionArn),
          sendDeadLetters(props.deadLetterQueue.queueArn),
          ...(props.kmsKeyArn === undefined ? [] : [encryptDeadLetters(props.kmsKeyArn)]),
        ]),
      }),
    );
  }

  protected createSchedule(
    props: TenantSchedulesProps,
    tenant: ScheduledTenant,
    group: SchedulerScheduleGroup,
    role: IamRole,
    policy: IamRolePolicy,
  ): SchedulerSchedule {
    return addressed(
      new SchedulerSchedule(this, `schedule-${tenant.id}`, {
        name: tenant.name,
        groupName: group.name,
        description: `Exports new events of the Vectra tenant ${tenant.name}`,
        scheduleExpression: props.schedule,
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: props.exporter.functionArn,
          roleArn: role.arn,
          input: JSON.stringify({ tenant: tenant.name }),
          deadLetterConfig: { arn: props.deadLetterQueue.queueArn },
          // For calls that Lambda does not accept. After a tick they are obsolete.
          retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 300 },
        },
        dependsOn: [props.exporter.lambda, policy],
      }),
    );
  }
}
