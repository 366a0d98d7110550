import type { EventsApiName } from "../../../../facts/options/exporter-tenant.js";
import { Exporter } from "../../../../functions/security-lake-exporter/exporter.js";
import type { RunTerms } from "../../../../functions/security-lake-exporter/run/run-context.js";
import type { Tenant } from "../../../../functions/security-lake-exporter/settings.js";
import type { StateTable } from "../../../../functions/security-lake-exporter/state/state-table.js";
import { DEFAULT_RETRY } from "../../../../functions/security-lake-exporter/vectra/http.js";
import { anEvent } from "../events.js";
import { type RecordingServer, startRecordingServer } from "../recording-server.js";
import type { MemoryLake } from "./memory-lake.js";

/** A page of a log. */
interface LogPage {
  readonly events: readonly object[];
  readonly next: number;
  readonly remaining: number;
}

/** A tenant whose log is a list: the place in it is the cursor. It serves every version of the API from a list of its own. */
export interface LogTenant {
  readonly server: RecordingServer;
  /** What each version of the API has. */
  readonly logs: Partial<Record<EventsApiName, object[]>>;
  /** What becomes of a page before it is sent. */
  onPage: (page: LogPage, from: number) => LogPage;
  /** Queries of the event pages, since the last time that they were asked for. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** The newest cursor is asked for with a `from` beyond every event. */
const BEYOND = 999_999_999_999;

export async function startLogTenant(logs: LogTenant["logs"]): Promise<LogTenant> {
  const server = await startRecordingServer(({ what, query }) => {
    const [, version, kind] = /^GET \/api\/(v[\d.]+)\/(events|accounts)/.exec(what) ?? [];
    if (version === undefined) {
      return { body: { access_token: "token", expires_in: 1799 } };
    }
    if (kind === "accounts") {
      return { body: { id: Number(what.split("/").at(-1)), threat: 61, certainty: 72 } };
    }
    const all = logs[version as EventsApiName];
    if (all === undefined) {
      return { status: 404, body: { detail: "Not found." } };
    }
    const asked = Number(query.get("from"));
    const from = asked === BEYOND ? all.length : asked;
    const since = Date.parse(query.get("event_timestamp_gte") ?? "");
    const page = all
      .slice(from, from + Number(query.get("limit")))
      // As the tenant does, which answers with a cursor behind what it leaves out.
      .filter((event) => !(timeOf(event) < since));
    const next = Math.min(from + Number(query.get("limit")), Math.max(from, all.length));
    const sent = tenant.onPage({ events: page, next, remaining: Math.max(0, all.length - next) }, from);
    return {
      body: { events: sent.events, next_checkpoint: sent.next, remaining_count: sent.remaining },
    };
  });
  let told = 0;
  const tenant: LogTenant = {
    server,
    logs,
    onPage: (page) => page,
    asked: () => {
      const since = server.requests.slice(told).filter(({ what }) => what.includes("/events/"));
      told = server.requests.length;
      return since.map(({ what, query }) => `${what.split("/")[2]} from=${query.get("from")}`);
    },
    close: server.close,
  };
  return tenant;
}

function timeOf(event: object): number {
  return Date.parse(String((event as { readonly event_timestamp?: unknown }).event_timestamp));
}

/** An event with that id, account, time and score, as JSON has it. */
export function scored(id: number, account: number, time: string, urgency_score = 50): object {
  return JSON.parse(
    JSON.stringify(anEvent({ id, entity_id: account, event_timestamp: time, urgency_score })),
  );
}

/** The tenant's settings, as an invocation has them. */
export function settingsOf({ server }: LogTenant, others: Partial<Tenant> = {}): Tenant {
  return {
    name: "acme",
    url: server.url,
    secretArn: "arn:unused",
    partitionAccountId: "333333333333",
    includeScoreDecreases: true,
    start: "beginning",
    api: "v3.4",
    profile: "vectra",
    rawData: false,
    filters: { accounts: "aws", prioritizedOnly: false },
    partitionBy: "fixed",
    assignmentRequired: false,
    ...others,
  };
}

/** A new container of the exporter. */
export function exporterOf(table: StateTable, lake: MemoryLake): Exporter {
  return new Exporter({
    table,
    lakeOf: () => lake,
    readCredentials: async () => ({ clientId: "client", clientSecret: "secret" }),
    retry: { ...DEFAULT_RETRY, retries: 0 },
  });
}

export const TERMS: RunTerms = { ownerPrefix: "test", remaining: () => 240_000 };
