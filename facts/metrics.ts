/** Namespace of the metrics that the exporter writes to its log (embedded metric format). */
export const METRICS_NAMESPACE = "VectraCdr";

/** Value of the metrics' `service` dimension, and of `service` in every log line. */
export const SERVICE_NAME = "security-lake-exporter";

/** Dimension that holds {@link SERVICE_NAME}; Powertools adds it to every metric. */
const SERVICE_DIMENSION = "service";

/** Dimension that holds the tenant's name. */
export const TENANT_DIMENSION = "tenant";

/** A metric of the exporter, in one of CloudWatch's units. */
export interface Metric {
  readonly name: string;
  readonly unit: "Count" | "Milliseconds" | "Seconds";
}

/** Every metric of the exporter, each per tenant. */
export const METRICS = {
  /** 1 for each run of the live export that succeeded. */
  runSucceeded: { name: "RunSucceeded", unit: "Count" },
  /** 1 for each run of the live export that found the lease held by another run. */
  leaseHeld: { name: "LeaseHeld", unit: "Count" },
  /** Of every invocation. */
  runDuration: { name: "RunDuration", unit: "Milliseconds" },
  /** How far behind the tenant the live export may be: `lagOf` in the function's `state/lag.ts`. */
  lagSeconds: { name: "LagSeconds", unit: "Seconds" },
  eventsRead: { name: "EventsRead", unit: "Count" },
  eventsWritten: { name: "EventsWritten", unit: "Count" },
  /** Events that are left with the tenant to accumulate. */
  eventsWaiting: { name: "EventsWaiting", unit: "Count" },
  /** Events that the filters left out. */
  eventsFiltered: { name: "EventsFiltered", unit: "Count" },
  /** Events of the live export or of a backfill that went into quarantine. */
  eventsQuarantined: { name: "EventsQuarantined", unit: "Count" },
  /** Events that a backfill wrote. */
  eventsBackfilled: { name: "EventsBackfilled", unit: "Count" },
  objectsWritten: { name: "ObjectsWritten", unit: "Count" },
  /** Accounts whose look-up failed. */
  failedLookups: { name: "FailedLookups", unit: "Count" },
  /** Accounts that were not looked up: the time was used up, or a look-up had just failed. */
  skippedLookups: { name: "SkippedLookups", unit: "Count" },
  /** Events that state no severity and whose account was not looked up. */
  eventsWithoutSeverity: { name: "EventsWithoutSeverity", unit: "Count" },
  /** 1 for each run that the tenant's refusal of the API client ended. */
  authenticationFailures: { name: "AuthenticationFailures", unit: "Count" },
  /** 1 for each run that the tenant's rate limit ended. */
  throttled: { name: "Throttled", unit: "Count" },
} as const satisfies Readonly<Record<string, Metric>>;

/** The dimensions of a tenant's metrics, by name. */
export function dimensionsOf(tenantName: string): Readonly<Record<string, string>> {
  return { [SERVICE_DIMENSION]: SERVICE_NAME, [TENANT_DIMENSION]: tenantName };
}
