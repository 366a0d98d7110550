import { afterEach, describe, expect, it, vi } from "vitest";
import { FolderLake } from "../../../cli/exporters/local/folder-lake.js";
import { openDryRun } from "../../../cli/exporters/local/open-local-exporter.js";
import {
  lookupsAsked,
  spreadOverAccounts,
  TROUBLES,
  trouble,
} from "../../functions/security-lake-exporter/enrichment/troubled-lookups.js";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

/** An attempt ends after a hundredth of its 10 s. Every other limit is as it is shipped. */
function hurry(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) =>
    timeout(milliseconds === 10_000 ? 100 : milliseconds),
  );
}

afterEach(async () => {
  vi.restoreAllMocks();
  await desk.close();
});

describe("GIVEN a tenant whose account look-ups are in trouble", () => {
  it.each(TROUBLES)(
    "WHEN $what THEN export --once exports every event, says what is missing, and the next one goes on",
    async (story) => {
      const { accounts, events, failed } = story;
      desk = await startDesk({ accounts, eventsPerTick: events });
      const url = ["--url", desk.tenant.url, "--tenant", "acme"];
      await vectraCdr(["export", "--once", "--to", desk.lake, ...url, "--start", "latest"]);
      desk.tenant.advance(300_000);
      spreadOverAccounts(desk.tenant, story);
      trouble(desk.tenant, story);
      if (story.fault.kind === "hang") {
        hurry();
      }

      const first = await vectraCdr(["export", "--once", "--to", desk.lake]);
      const later = desk.tenant.advance(30_000).length.toLocaleString("en-US");
      const second = await vectraCdr(["export", "--once", "--to", desk.lake]);

      const inEnglish = events.toLocaleString("en-US");
      const missing =
        failed === 0
          ? "" // An hour is enough for 5,000 slow ones.
          : `, 5 failed account look-ups, ${accounts - failed} skipped account look-ups, ` +
            `${events} events without a severity`;
      expect(first.err).toBe("");
      expect(first.out.split("\n")[0]).toMatch(
        new RegExp(
          `^acme: ${inEnglish} events read, ${inEnglish} written into 1 object${missing}, cursor \\d+$`,
        ),
      );
      expect(second.code).toBe(0);
      expect(second.out).toContain(`acme: ${later} events read, ${later} written into 1 object`);
      expect((await vectraCdr(["export", "--once", "--to", desk.lake])).out).toMatch(/^acme: no new events/);
    },
    180_000,
  );

  it("WHEN one process makes run after run THEN it remembers which accounts could not be looked up", async () => {
    desk = await startDesk({ accounts: 2, eventsPerTick: 2 });
    desk.tenant.faults.add({ on: "account", kind: "503", times: 4 });
    const lake = desk.folder("lake");
    const options = { lake, url: desk.tenant.url, tenant: "acme" };
    const exporter = await openDryRun(options, ({ region }) => new FolderLake(lake, region));

    const first = await exporter.exportOnce("acme");
    desk.tenant.advance(300_000);
    const asked = lookupsAsked(desk.tenant);
    const second = await exporter.exportOnce("acme");
    await exporter.close();

    expect(first).toMatchObject({ eventsRead: 6, failedLookups: 2, skippedLookups: 0 });
    expect(second).toMatchObject({ eventsRead: 2, eventsWritten: 2, failedLookups: 0 });
    expect(second.skippedLookups).toBeGreaterThan(0);
    expect(lookupsAsked(desk.tenant)).toBe(asked);
  });
});
