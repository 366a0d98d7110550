import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** An event of the tenant's log, as far as it is counted. */
interface LoggedEvent {
  readonly id: number;
  readonly entity_id: unknown;
  readonly urgency_score: number;
  readonly event_timestamp: string;
}

/** Access to a tenant. */
export interface TenantAccess {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where the events of a tenant are. */
export interface Accounting {
  readonly events: number;
  readonly inLake: number;
  readonly inQuarantine: number;
  /** Neither in the lake nor in quarantine. */
  readonly lost: readonly string[];
  /** More than once in the lake and in quarantine, or not of the tenant. */
  readonly doubled: readonly string[];
  /** Records whose direction is not that of the account's record before it in the same export. */
  readonly wrongDirections: readonly string[];
}

/** Reads the whole log of a tenant, page by page, with nothing but HTTP. */
export async function readLog({
  url,
  clientId,
  clientSecret,
}: TenantAccess): Promise<readonly LoggedEvent[]> {
  const { access_token } = (await answerOf(`${url}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  })) as { access_token: string };
  const events: LoggedEvent[] = [];
  for (let from = 0, remaining = 1; remaining > 0; ) {
    const query = `type=account&include_score_decreases=true&limit=1000&from=${from}`;
    const page = (await answerOf(`${url}/api/v3.4/events/entity_scoring?${query}`, {
      headers: { authorization: `Bearer ${access_token}` },
    })) as { events: LoggedEvent[]; next_checkpoint: number; remaining_count: number };
    events.push(...page.events);
    from = page.next_checkpoint;
    remaining = page.remaining_count;
  }
  return events;
}

async function answerOf(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, request);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return await response.json();
}

/**
 * Counts with DuckDB where each event of a log is.
 *
 * @param lake folder of the lake.
 * @param quarantined ids of the events in quarantine.
 * @param directory for a copy of the log.
 */
export async function account(
  log: readonly LoggedEvent[],
  lake: string,
  quarantined: readonly string[],
  directory: string,
): Promise<Accounting> {
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const linesOf = async (sql: string) => (await rowsOf(sql)).map((row) => Object.values(row).join(" "));
  const table = async (name: string, columns: string, rows: readonly object[]) => {
    const path = join(directory, `${name}.json`);
    writeFileSync(path, JSON.stringify(rows));
    await connection.run(
      `CREATE TABLE ${name} AS SELECT * FROM read_json(${quoted(path)}, format = 'array', columns = {${columns}})`,
    );
  };
  try {
    await table(
      "log",
      "id: 'BIGINT', account: 'VARCHAR', time: 'BIGINT', score: 'DOUBLE'",
      log.map(({ id, entity_id, urgency_score, event_timestamp }) => ({
        id,
        account: String(entity_id),
        time: Date.parse(event_timestamp),
        score: urgency_score,
      })),
    );
    await table(
      "quarantined",
      "id: 'BIGINT'",
      quarantined.map((id) => ({ id })),
    );
    await connection.run(
      `CREATE TABLE lake AS
         SELECT finding.uid AS account, time, status_detail AS direction, parse_filename(filename) AS object,
                regexp_extract(filename, '(backfill-[0-9TZ]+-[0-9TZ]+|redrive-[0-9a-f]+)') AS export
         FROM read_parquet(${quoted(join(lake, "region=*", "**", "*.parquet"))}, filename = true);
       CREATE TABLE places AS
         SELECT id, account, time,
                (SELECT count(*) FROM lake WHERE lake.account = log.account AND lake.time = log.time) AS written,
                (SELECT count(*) FROM quarantined WHERE quarantined.id = log.id) AS held
         FROM log`,
    );
    const [total] = await rowsOf(
      `SELECT count(*)::INTEGER AS events, count(*) FILTER (written > 0)::INTEGER AS written,
              count(*) FILTER (held > 0)::INTEGER AS held, count(DISTINCT (account, time))::INTEGER AS different
       FROM places`,
    );
    const { events, written, held, different } = total as Record<string, number>;
    if (events !== different || events !== log.length) {
      throw new Error("Events of the tenant share account and time: they cannot be told apart in the lake.");
    }
    return {
      events: Number(events),
      inLake: Number(written),
      inQuarantine: Number(held),
      lost: await linesOf(
        "SELECT 'event', id, 'of account', account FROM places WHERE written + held = 0 ORDER BY id",
      ),
      doubled: [
        ...(await linesOf(
          `SELECT 'event', id, 'is', held, 'times in quarantine and', written, 'times in the lake:',
                  (SELECT string_agg(object, ', ' ORDER BY object) FROM lake
                   WHERE lake.account = places.account AND lake.time = places.time)
           FROM places WHERE written + held > 1 ORDER BY id`,
        )),
        ...(await linesOf(
          `SELECT 'account', account, 'at', time, 'in', object, 'is unknown to the tenant'
           FROM lake ANTI JOIN log USING (account, time) ORDER BY ALL`,
        )),
        ...(await linesOf(
          "SELECT 'event', id, 'in quarantine is unknown to the tenant' FROM quarantined ANTI JOIN log USING (id)",
        )),
      ],
      wrongDirections: await linesOf(
        `WITH scored AS (
           SELECT id, direction, object, score - lag(score) OVER (PARTITION BY account, export ORDER BY time) AS change
           FROM lake JOIN log USING (account, time)
         ), compared AS (
           SELECT *, 'Score ' || CASE WHEN change IS NULL THEN 'direction unknown' WHEN change = 0 THEN 'unchanged'
                                      WHEN change > 0 THEN 'increase' ELSE 'decrease' END AS expected
           FROM scored
         )
         SELECT 'event', id, 'in', object, 'says', direction, 'instead of', expected
         FROM compared WHERE direction <> expected ORDER BY id`,
      ),
    };
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
