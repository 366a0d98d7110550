import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { Construct } from "constructs";
import { dimensionsOf, METRICS, METRICS_NAMESPACE, type Metric } from "../../facts/metrics.js";
import { addressed } from "../address.js";
import type { DeadLetterQueue } from "./dead-letter-queue.js";
import type { ExporterFunction } from "./exporter-function.js";

export interface ExporterDashboardProps {
  /** Name of the dashboard. */
  readonly name: string;
  /** Region of the exporter's metrics. */
  readonly region: string;
  readonly tenantNames: readonly string[];
  readonly exporter: ExporterFunction;
  readonly deadLetterQueue: DeadLetterQueue;
}

/** Namespace, name, then dimensions as name and value in turn, then the label of the line. */
type ChartMetric = readonly (string | { readonly label: string })[];

/** A chart of the dashboard: two of them side by side fill its 24 columns. */
interface Chart {
  readonly title: string;
  /** How the values of a period are aggregated. */
  readonly stat: "Sum" | "Maximum";
  readonly metrics: readonly ChartMetric[];
}

const PERIOD_SECONDS = 300;

/**
 * What the exporter does, one line per tenant: events, lag, duration, errors, quarantine.
 *
 * A dashboard costs about 3 USD a month; the first three of an account are free.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export class ExporterDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: ExporterDashboardProps) {
    super(scope, id);
    this.dashboardName = this.createDashboard(props).dashboardName;
  }

  protected createDashboard(props: ExporterDashboardProps): CloudwatchDashboard {
    return addressed(
      new CloudwatchDashboard(this, "dashboard", {
        dashboardName: props.name,
        dashboardBody: JSON.stringify({ widgets: chartsOf(props).map(widget(props.region)) }),
      }),
    );
  }
}

function chartsOf({ tenantNames, exporter, deadLetterQueue }: ExporterDashboardProps): readonly Chart[] {
  const perTenant = (...shown: readonly Metric[]): ChartMetric[] =>
    tenantNames.flatMap((tenant) =>
      shown.map(({ name }) => [
        METRICS_NAMESPACE,
        name,
        ...Object.entries(dimensionsOf(tenant)).flat(),
        { label: shown.length === 1 ? tenant : `${tenant}: ${name}` },
      ]),
    );
  const ofFunction = (name: string): ChartMetric => [
    "AWS/Lambda",
    name,
    "FunctionName",
    exporter.functionName,
  ];
  return [
    {
      title: "Events",
      stat: "Sum",
      metrics: perTenant(METRICS.eventsRead, METRICS.eventsWritten, METRICS.eventsFiltered),
    },
    {
      title: "Lag: how far the export may be behind (seconds)",
      stat: "Maximum",
      metrics: perTenant(METRICS.lagSeconds),
    },
    { title: "Duration of a run (milliseconds)", stat: "Maximum", metrics: perTenant(METRICS.runDuration) },
    {
      title: "Failures",
      stat: "Sum",
      metrics: [
        ofFunction("Errors"),
        ofFunction("Throttles"),
        ...perTenant(METRICS.authenticationFailures, METRICS.throttled),
      ],
    },
    { title: "Events in quarantine", stat: "Sum", metrics: perTenant(METRICS.eventsQuarantined) },
    {
      title: "Dead letters",
      stat: "Maximum",
      metrics: [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", deadLetterQueue.queueName]],
    },
  ];
}

function widget(region: string): (chart: Chart, index: number) => object {
  return ({ title, stat, metrics }, index) => ({
    type: "metric",
    x: (index % 2) * 12,
    y: Math.floor(index / 2) * 6,
    width: 12,
    height: 6,
    properties: { title, region, view: "timeSeries", stat, period: PERIOD_SECONDS, metrics },
  });
}
