import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EarlierRelease, startEarlierRelease } from "../rig/earlier-release.js";
import { TABLE } from "../rig/exporter.js";
import { Stage } from "../rig/stage.js";
import { LARGE } from "../rig/subjects.js";
import { durableState } from "./durable-state.js";
import { repeatEvents } from "./upgrade.js";

const HOUR = 3_600_000;
const HISTORY = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };

let stage: Stage;
let earlier: EarlierRelease;
beforeAll(async () => {
  stage = await Stage.start();
  earlier = await startEarlierRelease(stage);
});
afterAll(async () => {
  await earlier.close();
  await stage.close();
});

const run = () => stage.exporter.run({ limits: LARGE });

describe("an upgrade", () => {
  it("GIVEN 1,500 events, of which the last are in an unfinished window, THEN the tenant may repeat any of the last 1,000", async () => {
    const { exporter } = stage;
    await stage.newStory(earlier.begin);
    const first = exporter.tenant.events().at(-6)?.id ?? 0;
    // Two events in five minutes.
    exporter.tenant.advance(61 * HOUR);
    await earlier.begin();
    exporter.tenant.advance(HOUR);
    let isDead = false;
    exporter.onCall((operation) => {
      isDead ||= operation === "PutObject";
      return isDead ? { status: 400, code: "SimulatedCrash" } : "pass";
    });
    await earlier.invoke();
    stage.live();
    expect(await exporter.storedCheckpoint()).toMatchObject({
      intent: { events: 24, last_event_id: exporter.tenant.events().at(-1)?.id },
      last_keys: expect.stringMatching(/^\["\d+"(,"\d+"){999}\]$/),
    });
    stage.letTheLeasesEnd();

    exporter.tenant.advance(300_000);
    repeatEvents(stage, first, 900);
    expect(await run()).toMatchObject({ eventsRead: 26, caughtUp: true });
    stage.live();

    await stage.expectExactlyOnce();
  });

  it("GIVEN the earlier release holds its lease THEN this one waits for it", async () => {
    await stage.newStory(earlier.begin);
    await stage.crashed(() => earlier.invoke(), 5, "before the call");

    expect(await run()).toMatchObject({ outcome: "lease-held" });
    stage.letTheLeasesEnd();
    expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
    await stage.expectExactlyOnce();
  });
});

describe("a downgrade", () => {
  it("GIVEN another version of the API is configured in both releases THEN the earlier one fails and changes nothing", async () => {
    const { exporter } = stage;
    const other = await startEarlierRelease(stage, "v3");
    await stage.newStory();
    // The last day's events are the export's own, and young.
    exporter.tenant.advance(25 * HOUR);
    stage.jump(exporter.tenant.now().getTime() - Date.now());
    await run();
    exporter.tenant.advance(300_000);
    expect(await exporter.run({ limits: LARGE, settings: { api: "v3" } })).toMatchObject({
      eventsWritten: 2,
      caughtUp: true,
    });
    const before = await durableState(exporter);

    for (const invocation of [{}, { redrive: true }, { backfill: HISTORY }] as const) {
      expect((await other.invoke(invocation)).error).toMatch(/intent/);
      stage.letTheLeasesEnd();
    }

    expect(await durableState(exporter)).toEqual(before);
    await other.close();
    exporter.tenant.advance(300_000);
    expect(await exporter.run({ limits: LARGE, settings: { api: "v3" } })).toMatchObject({
      eventsWritten: 2,
      caughtUp: true,
    });
    await stage.expectExactlyOnce();
  });

  it("GIVEN the earlier release has failed THEN this one waits for the end of its lease, and continues", async () => {
    await stage.newStory();

    expect((await earlier.invoke()).error).toMatch(/intent/);

    // That release has taken its lease before it has read the state, and does not give it back.
    expect(await run()).toMatchObject({ outcome: "lease-held" });
    stage.jump(260_000);
    expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
    await stage.expectExactlyOnce();
  });
});

describe("a state of a newer release", () => {
  it("GIVEN any invocation THEN it is refused with a remedy, and nothing has changed", async () => {
    const { exporter } = stage;
    await stage.newStory();
    const dynamodb = new DynamoDBClient({});
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: { pk: { S: `${stage.story}#v3.4` }, sk: { S: "checkpoint" } },
        UpdateExpression: "SET state_version = :newer, intent = :unknown",
        ExpressionAttributeValues: { ":newer": { N: "3" }, ":unknown": { L: [] } },
      }),
    );
    dynamodb.destroy();
    const before = await exporter.aws.items();
    const refusal =
      "The checkpoint was written by a newer release (state_version 3; this release knows 2). Deploy that release, or a newer one, " +
      "again. Nothing was written.";

    await expect(run()).rejects.toThrow(refusal);
    await expect(exporter.redrive()).rejects.toThrow(refusal);
    await expect(exporter.backfill(HISTORY)).rejects.toThrow(refusal);
    await expect(exporter.run({ settings: { api: "v3" } })).rejects.toThrow(refusal);

    // Not even a lease.
    expect(await exporter.aws.items()).toEqual(before);
  });
});
