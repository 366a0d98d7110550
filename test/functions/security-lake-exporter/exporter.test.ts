import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Exporter } from "../../../functions/security-lake-exporter/exporter.js";
import type { RunTerms } from "../../../functions/security-lake-exporter/run/run-context.js";
import type { Tenant } from "../../../functions/security-lake-exporter/settings.js";
import type { StateTable } from "../../../functions/security-lake-exporter/state/state-table.js";
import { type ExporterUnderTest, startExporter } from "../../proofs/rig/exporter.js";
import { decorated } from "./state/decorated-table.js";

const TERMS: RunTerms = { ownerPrefix: "request-1", remaining: () => 240_000 };

let rig: ExporterUnderTest;
let exporter: Exporter;
let acme: Tenant;
/** Name of the lease's owner of every update of a checkpoint that takes the lease. */
let owners: unknown[];
/** Names of the objects that were written, by tenant. */
let written: [tenant: string, name: string][];

beforeEach(async () => {
  rig = await startExporter({ accounts: 3, eventsPerTick: 2 });
  acme = rig.settings();
  owners = [];
  written = [];
  exporter = new Exporter({
    table: noting(rig.table()),
    lakeOf: ({ name: tenant }) => ({
      location: "nowhere",
      put: async ({ name }) => {
        written.push([tenant, name]);
        return name;
      },
    }),
    readCredentials: async () => ({ clientId: "client", clientSecret: "secret" }),
  });
});
afterEach(() => rig.close());

function noting(table: StateTable): StateTable {
  return {
    ...decorated(table),
    update: (key, update) => {
      if (update.set?.["lease_owner"] !== undefined) {
        owners.push(update.set["lease_owner"]);
      }
      return table.update(key, update);
    },
  };
}

const tokensAsked = () => rig.tenant.requests().filter(({ path }) => path === "/oauth2/token").length;

describe("an exporter", () => {
  it("names the owner of each run's lease after the run's prefix, and no two alike", async () => {
    await exporter.exportNewEvents(acme, TERMS);
    await exporter.exportNewEvents(acme, TERMS);
    await exporter.redrive(acme, TERMS);

    expect(owners).toHaveLength(3);
    expect(new Set(owners).size).toBe(3);
    for (const owner of owners) {
      expect(owner).toMatch(/^request-1\/[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });

  it("writes where the tenant's objects go", async () => {
    const globex = { ...acme, name: "globex" };

    await exporter.exportNewEvents(globex, TERMS);
    await exporter.exportNewEvents(acme, TERMS);

    // The tenant's quarter of an hour has events of two days.
    expect(written.map(([tenant]) => tenant)).toEqual(["globex", "globex", "acme", "acme"]);
    expect(written[0]?.[1]).toMatch(/^vectra-globex-v3\.4-0-\d+\.zstd\.parquet$/);
  });

  it("asks for one token for all runs of a tenant, and for one more for a rate of its own", async () => {
    const slice = await rig.restart("acme", 600_000);
    const request = { range: slice, allowOverlap: false, estimate: true };

    await exporter.exportNewEvents(acme, TERMS);
    await exporter.exportNewEvents(acme, TERMS);
    await exporter.estimate(acme, request, TERMS);
    // The rig itself asked for one, for the story's beginning.
    expect(tokensAsked()).toBe(2);

    await exporter.estimate(acme, { ...request, requestsPerMinute: 6000 }, TERMS);
    await exporter.estimate(acme, { ...request, requestsPerMinute: 6000 }, TERMS);
    expect(tokensAsked()).toBe(3);
  });

  it("counts new events without a lease, from where the export stopped", async () => {
    expect(await exporter.countNewEvents(acme, TERMS)).toBe(6);
    expect(await exporter.countNewEvents({ ...acme, start: "latest" }, TERMS)).toBe(0);
    await exporter.exportNewEvents(acme, { ...TERMS, limits: { maxEvents: 4 } });

    expect(await exporter.countNewEvents(acme, TERMS)).toBe(2);
    expect(owners).toHaveLength(1);
  });

  it("exports a backfill without waiting for more events", async () => {
    const slice = await rig.restart("acme", 600_000);
    const accumulate = { maxAgeSeconds: 86_400, maxEvents: 10_000 };

    const result = await exporter.backfill(
      { ...acme, accumulate },
      { range: slice, allowOverlap: false, estimate: false },
      TERMS,
    );

    expect(result).toMatchObject({ eventsWritten: 4, eventsWaiting: 0, caughtUp: true });
  });
});
