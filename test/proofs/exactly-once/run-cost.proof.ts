import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { median } from "../../../bench/median.js";
import { ENVIRONMENT } from "../../../facts/environment.js";
import { bundleExporter } from "../../../functions/security-lake-exporter/bundle.js";
import { type Aws, startAws } from "../../../simulator/aws/stand-ins.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";
import { BEFORE_WRITE_AHEAD } from "../rig/earlier-release.js";
import { LAKE, SECRET_ARN, TABLE } from "../rig/exporter.js";
import { ReleasedFunction } from "../rig/released-function.js";

const FIVE_MINUTES = 300_000;
/** 1,250 events: the keys of the last 1,000 are remembered. */
const HISTORY = 50 * FIVE_MINUTES;
/** Runs of each release that are measured, in turn. */
const PAIRS = 40;
const MAX_SLOWDOWN = 1.15;
const RELEASES = ["before", "now"] as const;
type Release = (typeof RELEASES)[number];

const directory = mkdtempSync(join(tmpdir(), "cost "));
let tenant: Tenant;
let aws: Aws;
let consumed = { read: 0, written: 0 };
const functions = new Map<Release, ReleasedFunction>();
const invoke = new Map<Release, () => Promise<Cost>>();

interface Cost {
  readonly read: number;
  readonly written: number;
  readonly calls: number;
  readonly milliseconds: number;
  readonly eventsWritten: number;
}

beforeAll(async () => {
  tenant = await startTenant({
    seed: 5,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-02-01T00:00:00Z"),
    eventsPerTick: 25,
  });
  aws = await startAws({
    lakeDirectory: directory,
    lake: LAKE,
    table: { name: TABLE, hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: JSON.stringify({ client_id: "client", client_secret: "secret" }) },
    onUnits: ({ read, written }) => {
      consumed = { read: consumed.read + read, written: consumed.written + written };
    },
  });
  const tenants = RELEASES.map((name) => ({
    name,
    url: tenant.url,
    secretArn: SECRET_ARN,
    partitionAccountId: "333333333333",
    includeScoreDecreases: true,
    start: "beginning",
  }));
  const environment = () => ({
    ...aws.environment,
    [ENVIRONMENT.tenants]: JSON.stringify(tenants),
    [ENVIRONMENT.checkpointTable]: TABLE,
    [ENVIRONMENT.lakeLocation]: `s3://${LAKE.bucket}/${LAKE.prefix}`,
    [ENVIRONMENT.lakeRegion]: "eu-west-1",
    [ENVIRONMENT.lakeRoleArn]: LAKE.roleArn,
    [ENVIRONMENT.lakeExternalId]: LAKE.externalId,
    POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
    POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
  });
  const zips = { before: BEFORE_WRITE_AHEAD, now: bundleExporter(directory).zipPath };
  for (const release of RELEASES) {
    const released = new ReleasedFunction(zips[release], environment);
    const container = released.container();
    functions.set(release, released);
    invoke.set(release, async () => {
      consumed = { read: 0, written: 0 };
      const callsBefore = aws.calls().length;
      const { error, result, milliseconds } = await container.invoke({ tenant: release });
      expect(error).toBeUndefined();
      const { eventsWritten } = result as { eventsWritten: number };
      return { ...consumed, calls: aws.calls().length - callsBefore, milliseconds, eventsWritten };
    });
  }
  tenant.advance(HISTORY);
});
afterAll(async () => {
  for (const released of functions.values()) {
    released.close();
  }
  await tenant.close();
  await aws.close();
  rmSync(directory, { recursive: true });
});

async function costOf(release: Release): Promise<Cost> {
  const cost = await invoke.get(release)?.();
  return cost ?? expect.unreachable();
}

const shown = ({ read, written, calls }: Cost) =>
  `${read} read and ${written} write units, ${calls} calls of AWS`;

it("a run without events writes its lease twice, and nothing else", { timeout: 120_000 }, async () => {
  for (const release of RELEASES) {
    expect(await costOf(release)).toMatchObject({ eventsWritten: 1250 });
    // A container finds out once where the state is.
    await costOf(release);
  }

  const [before, now] = [await costOf("before"), await costOf("now")];

  console.log(`A run without events: before the write-ahead ${shown(before)}; now ${shown(now)}`);
  // Two updates of an item below 1 kB.
  expect(now.written).toBe(2);
  expect(now.written).toBeLessThan(before.written);
  expect(now.calls).toBeLessThanOrEqual(before.calls + 1);
});

it(`a run of 25 events takes at most ${MAX_SLOWDOWN} times as long as before the write-ahead, and writes less`, {
  timeout: 120_000,
  // The other programs of a machine slow both down, but not always alike.
  retry: 2,
}, async () => {
  const costs: Record<Release, Cost[]> = { before: [], now: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    tenant.advance(FIVE_MINUTES);
    for (const release of pair % 2 === 0 ? RELEASES : RELEASES.toReversed()) {
      const cost = await costOf(release);
      expect(cost.eventsWritten).toBe(25);
      costs[release].push(cost);
    }
  }

  const middle = (release: Release, of: keyof Cost) => median(costs[release].map((cost) => cost[of]));
  const [before, now] = RELEASES.map((release) => ({
    read: middle(release, "read"),
    written: middle(release, "written"),
    calls: middle(release, "calls"),
    milliseconds: middle(release, "milliseconds"),
    eventsWritten: 25,
  })) as [Cost, Cost];
  const slowdown = now.milliseconds / before.milliseconds;
  console.log(
    `A run of 25 events, median of ${PAIRS}: before the write-ahead ${shown(before)}, ${before.milliseconds.toFixed(1)} ms; ` +
      `now ${shown(now)}, ${now.milliseconds.toFixed(1)} ms: ${slowdown.toFixed(2)} times`,
  );
  expect(slowdown).toBeLessThanOrEqual(MAX_SLOWDOWN);
  expect(now.written).toBeLessThan(before.written);
});
