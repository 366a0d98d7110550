import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import type { DeadLetterQueue } from "./dead-letter-queue.js";
import type { ExporterFunction } from "./exporter-function.js";
import { METRICS_NAMESPACE, SERVICE_NAME } from "./metrics.js";
import type { ScheduledTenant } from "./tenant-schedules.js";

export interface ExporterAlarmsProps {
  /** Beginning of every alarm's name. */
  readonly name: string;
  readonly tenants: readonly ScheduledTenant[];
  readonly exporter: ExporterFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  /** SNS topics that are told when an alarm goes off. */
  readonly alarmActions: readonly string[];
}

/** Seconds of one evaluation period, which is the exporter's usual tick. */
const PERIOD_SECONDS = 300;

/** Six periods: 30 minutes. */
const PERIODS_WITHOUT_SUCCESS = 6;

/**
 * The three questions of an operator: did a run fail, is a tenant's data still coming, did an invocation get
 * lost.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export class ExporterAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ExporterAlarmsProps) {
    super(scope, id);
    this.createErrorsAlarm(props);
    this.createDeadLettersAlarm(props);
    for (const tenant of props.tenants) {
      this.createNoSuccessfulRunAlarm(props, tenant);
    }
  }

  protected createErrorsAlarm(props: ExporterAlarmsProps): CloudwatchMetricAlarm {
    return this.createAlarm(props, "errors", {
      alarmName: `${props.name}-errors`,
      alarmDescription:
        `A run of ${props.name} failed. One failure mends itself at the next tick. If it repeats, ` +
        `read the last ERROR line in the log group ${props.exporter.logGroupName}: it names the tenant, ` +
        "the call that failed and the remedy.",
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
        `An invocation of ${props.name} failed or never started, and its event lies in the queue ` +
        `${props.deadLetterQueue.queueName}. The event names the tenant; the message attributes or the log say ` +
        "why. The next run goes on from the checkpoint, so when the cause is gone, purge the queue.",
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

  /** A function that does not run at all writes no metric: missing data is the failure to be told of. */
  protected createNoSuccessfulRunAlarm(
    props: ExporterAlarmsProps,
    tenant: ScheduledTenant,
  ): CloudwatchMetricAlarm {
    return this.createAlarm(props, `no-successful-run-${tenant.id}`, {
      alarmName: `${props.name}-no-successful-run-${tenant.name}`,
      alarmDescription:
        `No run for the Vectra tenant ${tenant.name} has succeeded for 30 minutes, so its events are late. Check ` +
        "in this order: the tenant's secret holds a valid API client (a new deployment's secret is empty); " +
        `the tenant's schedule is enabled; the log group ${props.exporter.logGroupName}.`,
      namespace: METRICS_NAMESPACE,
      metricName: "RunSucceeded",
      dimensions: { service: SERVICE_NAME, tenant: tenant.name },
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: PERIODS_WITHOUT_SUCCESS,
      treatMissingData: "breaching",
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
        ...(props.alarmActions.length === 0 ? {} : { alarmActions: [...props.alarmActions] }),
      }),
    );
  }
}
