import { METRICS_NAMESPACE } from "../../../facts/metrics.js";
import { requiredProps, synthExporter } from "../../constructs/security-lake/exporter-rig.js";
import type { SynthesizedResource } from "../../constructs/template.js";
import type { Alarm } from "./cells.js";
import type { Invocation } from "./container.js";

/** An alarm as Terraform creates it. */
interface AlarmAttributes {
  readonly namespace: string;
  readonly metric_name: string;
  readonly statistic: "Sum" | "Maximum";
  readonly comparison_operator: keyof typeof COMPARISONS;
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  readonly evaluation_periods: number;
  readonly treat_missing_data: "breaching" | "notBreaching";
}

const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
};

const STATISTICS = {
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values: readonly number[]) => Math.max(...values),
};

/** The alarms as the construct creates them, asked what CloudWatch would say. Call it where tests are declared. */
export function exporterAlarms() {
  const synthesized = synthExporter(requiredProps(), {}).resources("aws_cloudwatch_metric_alarm");
  const alarms = synthesized.filter(isAboutRuns);

  return {
    /** Names of the alarms that go off at the end of a period between two times, in milliseconds since the epoch. */
    goneOff(invocations: readonly Invocation[], from: number, to: number): Alarm[] {
      return alarms
        .filter(({ attributes }) =>
          isGoneOff(attributes as unknown as AlarmAttributes, invocations, from, to),
        )
        .map(nameOf);
    },
  };
}

/** Lambda does not send an event to the queue that was invoked directly. */
function isAboutRuns({ attributes }: SynthesizedResource): boolean {
  return attributes["namespace"] === METRICS_NAMESPACE || attributes["namespace"] === "AWS/Lambda";
}

function nameOf({ name }: SynthesizedResource): Alarm {
  return name.replace(/^exporter_alarms_/, "").replace(/-acme$/, "") as Alarm;
}

function isGoneOff(
  alarm: AlarmAttributes,
  invocations: readonly Invocation[],
  from: number,
  to: number,
): boolean {
  const period = alarm.period * 1000;
  const isBreaching = (start: number): boolean => {
    const values = invocations
      .filter(({ startedAt }) => startedAt >= start && startedAt < start + period)
      .map((invocation) => metricOf(alarm, invocation))
      .filter((value) => value !== undefined);
    return values.length === 0
      ? alarm.treat_missing_data === "breaching"
      : COMPARISONS[alarm.comparison_operator](STATISTICS[alarm.statistic](values), alarm.threshold);
  };
  let inARow = 0;
  for (let start = from; start < to; start += period) {
    inARow = isBreaching(start) ? inARow + 1 : 0;
    if (inARow >= alarm.evaluation_periods) {
      return true;
    }
  }
  return false;
}

/** Lambda itself counts errors; the function writes everything else. */
function metricOf(
  { namespace, metric_name }: AlarmAttributes,
  { metrics, error }: Invocation,
): number | undefined {
  return namespace === METRICS_NAMESPACE ? metrics[metric_name] : error === undefined ? 0 : 1;
}
