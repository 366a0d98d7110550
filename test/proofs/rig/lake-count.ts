import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "vitest";
import type { Stage } from "./stage.js";

/**
 * Asserts that the lake holds, of each story, as many events as were counted when the story ended, and none of them
 * twice, with a reader that has nothing in common with the one that counted them.
 */
export async function expectTheLakeToHold({ exporter, written }: Stage): Promise<void> {
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  const files = join(exporter.lakeDirectory, "**", "vectra-story-*.parquet").replaceAll("'", "''");
  const answer = await connection.runAndReadAll(
    `SELECT regexp_extract(filename, 'vectra-(story-[0-9]+)-', 1) AS story,
            count(*)::INTEGER AS events,
            count(DISTINCT (finding.uid, time))::INTEGER AS different
     FROM read_parquet('${files}', filename = true) GROUP BY story`,
  );
  const rows = answer.getRowObjects();
  connection.closeSync();
  database.closeSync();
  const counted = rows.map(({ story, events, different }) => ({ story, events, different }));
  const expected = [...written]
    .filter(([, events]) => events > 0)
    .map(([story, events]) => ({ story, events, different: events }));
  const byStory = (a: { story?: unknown }, b: { story?: unknown }) =>
    String(a.story) < String(b.story) ? -1 : 1;
  expect(counted.toSorted(byStory)).toEqual(expected.toSorted(byStory));
  const total = expected.reduce((sum, { events }) => sum + events, 0);
  console.log(`DuckDB counts ${total} events of ${expected.length} stories in the lake, none of them twice`);
}
