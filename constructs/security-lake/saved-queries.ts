import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import type { ExporterFunction } from "./exporter-function.js";

export interface SavedQueriesProps {
  /** Folder of the queries in the console of CloudWatch Logs Insights. */
  readonly folder: string;
  readonly exporter: ExporterFunction;
}

/** What an operator asks the log first. */
const QUERIES = [
  {
    id: "failed-runs",
    title: "failed runs",
    query: [
      "fields @timestamp, tenant, error.name, error.message",
      'filter level = "ERROR"',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    id: "events-per-hour",
    title: "events per tenant and hour",
    query: [
      'filter message = "Run succeeded"',
      "stats sum(eventsRead) as read, sum(eventsWritten) as written, sum(eventsFiltered) as filtered, " +
        "sum(eventsQuarantined) as quarantined, sum(failedLookups) as lookups_failed by tenant, bin(1h) as hour",
      "sort hour desc",
    ],
  },
  {
    id: "backlogs",
    title: "runs that did not catch up",
    query: [
      "fields @timestamp, tenant, eventsRead, checkpoint",
      'filter message = "Run succeeded" and not caughtUp',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    id: "duration-and-memory",
    title: "duration and memory per hour",
    query: [
      'filter @type = "REPORT"',
      "stats max(@duration) as milliseconds, max(@maxMemoryUsed / 1000 / 1000) as megabytes, " +
        "max(@initDuration) as start_milliseconds by bin(1h) as hour",
      "sort hour desc",
    ],
  },
] as const;

/**
 * Queries for CloudWatch Logs Insights. Saving them is free; running one costs what it scans, about 0.005 USD
 * per GB.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    for (const { id: queryId, title, query } of QUERIES) {
      this.createQuery(props, queryId, title, query.join("\n| "));
    }
  }

  protected createQuery(
    props: SavedQueriesProps,
    id: string,
    title: string,
    queryString: string,
  ): CloudwatchQueryDefinition {
    return addressed(
      new CloudwatchQueryDefinition(this, id, {
        name: `${props.folder}/${title}`,
        logGroupNames: [props.exporter.logGroupName],
        queryString,
      }),
    );
  }
}
