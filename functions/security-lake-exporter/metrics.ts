import { Metrics } from "@aws-lambda-powertools/metrics";
import { METRICS, type Metric, TENANT_DIMENSION } from "../../facts/metrics.js";
import type { RunResult } from "./run/run-result.js";
import type { Tenant } from "./settings.js";
import type { LagReader } from "./state/lag.js";
import { AuthenticationError } from "./vectra/client.js";
import { VectraRequestError } from "./vectra/http.js";

/** What is reported when: the metrics of an invocation, written to its log in the embedded metric format. */
export class ExporterMetrics {
  readonly #metrics = new Metrics();
  readonly #lags: LagReader;

  constructor(lags: LagReader) {
    this.#lags = lags;
  }

  /** Metrics of an invocation that begins now. */
  begin(tenant: Tenant): void {
    this.#metrics.addDimension(TENANT_DIMENSION, tenant.name);
  }

  /** A run of the live export. */
  exported(result: RunResult): void {
    if (result.outcome === "lease-held") {
      this.#add(METRICS.leaseHeld, 1);
      return;
    }
    this.#add(METRICS.runSucceeded, 1);
    this.#add(METRICS.eventsWaiting, result.eventsWaiting);
    this.#add(METRICS.eventsRead, result.eventsRead);
    this.#add(METRICS.eventsWritten, result.eventsWritten);
    this.#add(METRICS.objectsWritten, result.objects.length);
    this.#add(METRICS.eventsFiltered, result.eventsFiltered);
    this.#add(METRICS.eventsQuarantined, result.eventsQuarantined);
    this.#addLookups(result);
  }

  /** A run of a backfill; it does not count towards the metrics of the live export. */
  backfilled(result: RunResult): void {
    if (result.outcome === "lease-held") {
      return;
    }
    this.#add(METRICS.eventsBackfilled, result.eventsWritten);
    this.#add(METRICS.eventsQuarantined, result.eventsQuarantined);
    this.#addLookups(result);
  }

  /** The two failures that have to be fixed at the tenant, each with an alarm of its own. */
  failed(error: unknown): void {
    if (error instanceof AuthenticationError) {
      this.#add(METRICS.authenticationFailures, 1);
    }
    if (error instanceof VectraRequestError && error.status === 429) {
      this.#add(METRICS.throttled, 1);
    }
  }

  /**
   * The end of an invocation, however it went. Lag is reported for every run of the live export, including one that failed
   * or did nothing: otherwise the alarm on lag would have no data. A backfill or a redrive says nothing about whether the
   * tenant's new events arrive.
   *
   * @param milliseconds that the invocation took.
   */
  async end(
    tenant: Tenant,
    { isLiveExport }: { isLiveExport: boolean },
    milliseconds: number,
  ): Promise<void> {
    const lag = isLiveExport ? await this.#lags.lag(tenant) : undefined;
    if (lag !== undefined) {
      this.#add(METRICS.lagSeconds, lag / 1000);
    }
    this.#add(METRICS.runDuration, milliseconds);
    this.#metrics.publishStoredMetrics();
  }

  #addLookups({ failedLookups, skippedLookups, eventsWithoutSeverity }: RunResult): void {
    this.#add(METRICS.failedLookups, failedLookups);
    this.#add(METRICS.skippedLookups, skippedLookups);
    this.#add(METRICS.eventsWithoutSeverity, eventsWithoutSeverity);
  }

  #add({ name, unit }: Metric, value: number): void {
    this.#metrics.addMetric(name, unit, value);
  }
}
