import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TABLE } from "../rig/exporter.js";
import { fallAsleep } from "../rig/sleeper.js";
import { Stage } from "../rig/stage.js";
import { LARGE } from "../rig/subjects.js";
import { repeatEvents } from "./upgrade.js";

const DAY = 86_400_000;
const FIVE_MINUTES = 300_000;

let stage: Stage;
let dynamodb: DynamoDBClient;
let first = 0;
beforeAll(async () => {
  stage = await Stage.start();
  dynamodb = new DynamoDBClient({});
});
beforeEach(async () => {
  await stage.newStory();
  first = stage.exporter.tenant.events().at(-6)?.id ?? 0;
});
afterAll(async () => {
  dynamodb.destroy();
  await stage.close();
});

const run = () => stage.exporter.run({ limits: LARGE });

/** What the table's time to live deletes by now. */
async function forgetExpired(): Promise<void> {
  for (const { pk, sk, expires_at: expiresAt } of await stage.exporter.aws.items()) {
    if (Number(expiresAt) < Date.now() / 1000) {
      await dynamodb.send(
        new DeleteItemCommand({ TableName: TABLE, Key: { pk: { S: String(pk) }, sk: { S: String(sk) } } }),
      );
    }
  }
}

async function sixtyDaysPass(): Promise<void> {
  stage.jump(60 * DAY);
  await forgetExpired();
}

/** The next run, of a tenant that repeats the events before each page, exports what is left. */
async function nextRunFinishes(): Promise<void> {
  stage.exporter.tenant.advance(FIVE_MINUTES);
  repeatEvents(stage, first);
  expect(await run()).toMatchObject({ outcome: "exported", caughtUp: true });
  stage.live();
  await stage.expectExactlyOnce();
  expect(await stage.exporter.table().keys(`${stage.story}#pieces`, "")).toEqual([]);
}

describe("a lake that is down for 60 days", () => {
  it("GIVEN an unfinished window, and a run every five days, THEN the window is finished as it was prepared", async () => {
    await run();
    stage.exporter.tenant.advance(FIVE_MINUTES);
    stage.exporter.onCall((operation) =>
      operation === "PutObject" ? { status: 403, code: "AccessDenied" } : "pass",
    );
    for (let day = 0; day < 60; day += 5) {
      await expect(run()).rejects.toThrow("AccessDenied");
      stage.exporter.tenant.advance(FIVE_MINUTES);
      stage.jump(5 * DAY);
      await forgetExpired();
    }
    stage.live();

    await nextRunFinishes();
  });
});

describe("a run that sleeps for 60 days", () => {
  it.each([
    ["before there is an intent", "checkpoint.fix", "before"],
    ["after there is an intent", "checkpoint.fix", "after"],
    ["before the cursor moves", "checkpoint.complete", "before"],
  ])("GIVEN it sleeps %s THEN it finishes when it wakes up", async (_, name, moment) => {
    const sleeper = await fallAsleep(
      stage.exporter.run,
      { limits: LARGE },
      (step) => step.name === name && step.moment === moment,
    );
    await sixtyDaysPass();

    expect(await sleeper.wake()).toBe("ended");

    await nextRunFinishes();
  });

  it.each([
    ["before there is an intent", "checkpoint.fix", "before"],
    ["after there is an intent", "checkpoint.fix", "after"],
    ["before the cursor moves", "checkpoint.complete", "before"],
  ])("GIVEN it sleeps %s, and others finish its window, THEN it changes nothing", async (_, name, moment) => {
    const sleeper = await fallAsleep(
      stage.exporter.run,
      { limits: LARGE },
      (step) => step.name === name && step.moment === moment,
    );
    await sixtyDaysPass();
    stage.exporter.tenant.advance(FIVE_MINUTES);
    await run();

    await sleeper.wake();

    await nextRunFinishes();
  });
});

it("GIVEN a table that was restored, which has no time to live, THEN what should have expired does no harm", async () => {
  const { exporter } = stage;
  exporter.tamper(exporter.tenant.events().at(-3)?.id ?? 0, { entity_id: "eight" });
  expect(await run()).toMatchObject({ eventsWritten: 5, eventsQuarantined: 1 });
  stage.jump(120 * DAY);

  await nextRunFinishes();
  await exporter.fixAll();
  expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
  await stage.expectExactlyOnce();
});

it("GIVEN a tenant without events for 60 days THEN it may repeat the last ones", async () => {
  await run();
  await sixtyDaysPass();

  await nextRunFinishes();
});
