import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { given } from "../../facts/given.js";
import { dimensionsOf, METRICS, METRICS_NAMESPACE, type Metric } from "../../facts/metrics.js";
import { addressed } from "../address.js";
import type { BackfillStateMachine } from "./backfill-state-machine.js";
import type { DeadLetterQueue } from "./dead-letter-queue.js";
import type { ExporterFunction } from "./exporter-function.js";
import type { ScheduledTenant } from "./tenant-schedules.js";

export interface ExporterAlarmsProps {
  /** Beginning of every alarm's name. */
  readonly name: string;
  readonly tenants: readonly ScheduledTenant[];
  readonly exporter: ExporterFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  /** Lag, in seconds, above which a tenant is late: how far behind the tenant its export may be. */
  readonly lagThresholdSeconds: number;
  /** SNS topics that are notified when an alarm goes off. */
  readonly alarmActions: readonly string[];
  /** @default - no backfills, no alarm on them */
  readonly backfill?: BackfillStateMachine | undefined;
}

/** An alarm on one of the exporter's own metrics. */
interface TenantAlarmConfig
  extends Omit<CloudwatchMetricAlarmConfig, "alarmName" | "namespace" | "metricName" | "dimensions"> {
  readonly metric: Metric;
}

/** Seconds of one evaluation period, which is the exporter's usual tick. */
const PERIOD_SECONDS = 300;

/** Six periods: 30 minutes. */
const PERIODS_WITHOUT_SUCCESS = 6;

/**
 * What an operator needs to know: a run failed, an invocation was lost, a backfill failed (with `backfill`), and for
 * each tenant: no run succeeded, the export is late, an event is in quarantine, the API client is refused, the rate
 * limit is reached.
 *
 * Every description has the remedy, the command where there is one, and the section of `docs/runbook.md`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export class ExporterAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ExporterAlarmsProps) {
    super(scope, id);
    this.createErrorsAlarm(props);
    this.createDeadLettersAlarm(props);
    if (props.backfill !== undefined) {
      this.createBackfillFailedAlarm(props, props.backfill);
    }
    for (const tenant of props.tenants) {
      this.createNoSuccessfulRunAlarm(props, tenant);
      this.createLagAlarm(props, tenant);
      this.createQuarantineAlarm(props, tenant);
      this.createAuthenticationAlarm(props, tenant);
      this.createThrottlingAlarm(props, tenant);
    }
  }

  protected createErrorsAlarm(props: ExporterAlarmsProps): CloudwatchMetricAlarm {
    return this.createAlarm(props, "errors", {
      alarmName: `${props.name}-errors`,
      alarmDescription:
        `A run of ${props.name} failed. A single failure recovers at the next tick. If it repeats, read the last ` +
        `ERROR line in the log group ${props.exporter.logGroupName}: it names the tenant, the call that failed and ` +
        `the remedy. ${runbook("errors")}`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: props.exporter.functionName },
      statistic: "Sum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  protected createDeadLettersAlarm(props: ExporterAlarmsProps): CloudwatchMetricAlarm {
    return this.createAlarm(props, "dead-letters", {
      alarmName: `${props.name}-dead-letters`,
      alarmDescription:
        `An invocation of ${props.name} failed or never started; its event is in the queue ` +
        `${props.deadLetterQueue.queueName}. The event names the tenant; the message attributes or the log give the ` +
        "reason. No events are lost: the next run continues from the checkpoint. Fix the cause, then run " +
        `"vectra-cdr redrive --dead-letters --function ${props.exporter.functionName}". ${runbook("dead-letters")}`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: props.deadLetterQueue.queueName },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  protected createBackfillFailedAlarm(
    props: ExporterAlarmsProps,
    backfill: BackfillStateMachine,
  ): CloudwatchMetricAlarm {
    return this.createAlarm(props, "backfill-failed", {
      alarmName: `${props.name}-backfill-failed`,
      alarmDescription:
        `An execution of the state machine ${backfill.stateMachineName} failed. Its cause names the slices of time ` +
        "that failed; each slice's own execution, in the map run, gives the reason. What was exported stays. Fix the " +
        'cause, then repeat the "vectra-cdr backfill --fan-out" command, or start an execution with those slices. ' +
        runbook("backfill-failed"),
      namespace: "AWS/States",
      metricName: "ExecutionsFailed",
      dimensions: { StateMachineArn: backfill.stateMachineArn },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  /** A function that does not run at all writes no metric: missing data is itself the failure. */
  protected createNoSuccessfulRunAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
  ): CloudwatchMetricAlarm {
    return this.createTenantAlarm(props, tenant, "no-successful-run", {
      alarmDescription:
        `No run for the Vectra tenant ${tenant.name} has succeeded for 30 minutes; its events are late. Check in this ` +
        "order: the tenant's secret holds a valid API client (a new deployment's secret is empty); the tenant's " +
        `schedule is enabled; the last ERROR line in the log group ${props.exporter.logGroupName}; the lease, with ` +
        `${vectraCdr("status", props, tenant)}.`,
      metric: METRICS.runSucceeded,
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: PERIODS_WITHOUT_SUCCESS,
      treatMissingData: "breaching",
    });
  }

  /** Every run reports lag, even one that failed; a quiet tenant's is the time since its last run. */
  protected createLagAlarm(props: ExporterAlarmsProps, tenant: ScheduledTenant): CloudwatchMetricAlarm {
    return this.createTenantAlarm(props, tenant, "lag", {
      alarmDescription:
        `The export of the Vectra tenant ${tenant.name} may be further behind than this alarm allows. That is ` +
        `expected while a new tenant's history is exported. Otherwise run ${vectraCdr("status", props, tenant)} and ` +
        `compare the metrics ${METRICS.runSucceeded.name}, ${METRICS.eventsRead.name} and ${METRICS.runDuration.name}: ` +
        "the log names the cause of runs that fail; " +
        "runs that end at the time limit need more memorySize or timeoutSeconds.",
      metric: METRICS.lagSeconds,
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: props.lagThresholdSeconds,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  protected createQuarantineAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
  ): CloudwatchMetricAlarm {
    return this.createTenantAlarm(props, tenant, "quarantine", {
      alarmDescription:
        `Events of the Vectra tenant ${tenant.name} could not be exported. They stay in quarantine for 90 days. For ` +
        `their reasons, run ${vectraCdr("quarantine list", props, tenant)}. Deploy a version that knows their shape, ` +
        `then run ${vectraCdr("redrive", props, tenant)}.`,
      metric: METRICS.eventsQuarantined,
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  protected createAuthenticationAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
  ): CloudwatchMetricAlarm {
    return this.createTenantAlarm(props, tenant, "authentication", {
      alarmDescription:
        `The Vectra tenant ${tenant.name} refused the API client. Act promptly: Vectra disables a client after ` +
        "repeated failures. Check in Vectra, under Manage > API Clients, that the client exists and its role has " +
        "View - Accounts. Then put its id and secret into the tenant's secret again.",
      metric: METRICS.authenticationFailures,
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  protected createThrottlingAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
  ): CloudwatchMetricAlarm {
    return this.createTenantAlarm(props, tenant, "throttling", {
      alarmDescription:
        `The Vectra tenant ${tenant.name} answered 429 until a run gave up. A single failure recovers at the next ` +
        "tick. If it repeats, slow down other clients of the tenant's API, or lengthen the schedule's interval.",
      metric: METRICS.throttled,
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  }

  /** An alarm on one of the exporter's own metrics; `kind` is its name and its section of the runbook. */
  private createTenantAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
    kind: string,
    { metric, ...config }: TenantAlarmConfig,
  ): CloudwatchMetricAlarm {
    return this.createAlarm(props, `${kind}-${tenant.id}`, {
      ...config,
      alarmName: `${props.name}-${kind}-${tenant.name}`,
      alarmDescription: `${config.alarmDescription} ${runbook(kind)}`,
      namespace: METRICS_NAMESPACE,
      metricName: metric.name,
      dimensions: dimensionsOf(tenant.name),
    });
  }

  private createAlarm(
    props: ExporterAlarmsProps,
    id: string,
    config: CloudwatchMetricAlarmConfig,
  ): CloudwatchMetricAlarm {
    return addressed(
      new CloudwatchMetricAlarm(this, id, {
        ...config,
        period: PERIOD_SECONDS,
        ...given({ alarmActions: props.alarmActions.length === 0 ? undefined : [...props.alarmActions] }),
      }),
    );
  }
}

/** A command that answers or fixes what an alarm is about, quoted. */
function vectraCdr(command: string, { exporter }: ExporterAlarmsProps, tenant: ScheduledTenant): string {
  return `"vectra-cdr ${command} --function ${exporter.functionName} --tenant ${tenant.name}"`;
}

/** The section of this repository's runbook. */
function runbook(section: string): string {
  return `Runbook: docs/runbook.md#${section}`;
}
