import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BEFORE_WRITE_AHEAD } from "../proofs/rig/earlier-release.js";
import { type DeployedExporter, deployExporter } from "./deployed-exporter.js";

const FIVE_MINUTES = 300_000;
const DENIAL = "the-lake-refuses";
/** What a lease leaves in a checkpoint. */
const LEASE = ["lease_owner", "lease_until", "released_by", "updated_at"];

let exporter: DeployedExporter;
beforeAll(async () => {
  // The scheduler stays out of it: it first fires after the test.
  exporter = await deployExporter({ zip: BEFORE_WRITE_AHEAD, schedule: "rate(5 minutes)" });
}, 120_000);
afterAll(async () => {
  await exporter?.close();
});

const providerRole = () => {
  const [details] = exporter.stack.only("aws_securitylake_custom_log_source")["provider_details"] as [
    { readonly role_arn: string },
  ];
  return details.role_arn.split("/").at(-1);
};

/** From now on the provider role may not write. */
async function refuseUploads(): Promise<void> {
  await new IAMClient(exporter.root).send(
    new PutRolePolicyCommand({
      RoleName: providerRole(),
      PolicyName: DENIAL,
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action: "s3:PutObject", Resource: "*" }],
      }),
    }),
  );
}

async function allowUploads(): Promise<void> {
  await new IAMClient(exporter.root).send(
    new DeleteRolePolicyCommand({ RoleName: providerRole(), PolicyName: DENIAL }),
  );
}

/** Ends the lease of a run that did not give it back, as time would. */
async function endLease(): Promise<void> {
  await new DynamoDBClient(exporter.root).send(
    new UpdateItemCommand({
      TableName: String(exporter.stack.only("aws_dynamodb_table")["name"]),
      Key: { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" } },
      UpdateExpression: "REMOVE lease_owner, lease_until",
    }),
  );
}

/** Everything in the table but leases, and every object of the lake. */
async function durableState() {
  const items = (await exporter.items()).map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !LEASE.includes(name))),
  );
  return { items, lake: await exporter.readLake() };
}

/** Accounts and times in the lake, and of the tenant's events but the one that is in quarantine. */
async function expectEachEventOnce(): Promise<void> {
  const { table } = await exporter.readLake();
  const events = exporter.tenant.events().slice(1);
  expect(table?.rows.map(({ finding_uid, time }) => `${finding_uid} at ${time}`).toSorted()).toEqual(
    events.map((event) => `${event.entity_id} at ${Date.parse(event.event_timestamp)}`).toSorted(),
  );
}

const kinds = async () => (await exporter.items()).map(({ pk, sk }) => `${pk?.S} ${sk?.S?.split("#")[0]}`);

it("an intent that the release before the write-ahead has left is finished by this one", async () => {
  // GIVEN twenty minutes of events, the first of which cannot be exported, and a lake that refuses uploads
  exporter.tenant.advance(4 * FIVE_MINUTES);
  Object.assign(exporter.tenant.events()[0] ?? {}, { active_detection_types: "none" });
  await refuseUploads();
  expect((await exporter.run()).error).toMatch(/AccessDenied/);
  expect(await exporter.checkpoint()).toMatchObject({ intent: { M: { events: { N: "48" } } } });
  expect(await exporter.checkpoint()).not.toHaveProperty("state_version");
  expect((await exporter.readLake()).table).toBeNull();

  // WHEN this release is deployed, and new events have arrived
  await exporter.updateCode();
  await allowUploads();
  exporter.tenant.advance(FIVE_MINUTES);
  const { answer, error } = await exporter.run();

  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ eventsRead: 60, eventsWritten: 59, eventsQuarantined: 1, caughtUp: true });
  expect(await exporter.checkpoint()).toMatchObject({ intent: { NULL: true }, state_version: { N: "2" } });
  expect(await kinds()).toContain("acme#v3.4 quarantine");
  expect(await kinds()).not.toContain("acme#pieces live");
  await expectEachEventOnce();
});

it("the release before the write-ahead refuses an intent of this one, and changes nothing", async () => {
  // GIVEN an intent whose objects could not be written
  exporter.tenant.advance(FIVE_MINUTES);
  await refuseUploads();
  expect((await exporter.run()).error).toMatch(/AccessDenied/);
  await allowUploads();
  expect(await kinds()).toContain("acme#pieces live");
  const before = await durableState();

  // WHEN the function is rolled back
  await exporter.updateCode(BEFORE_WRITE_AHEAD);
  const { error } = await exporter.run();

  expect(error).toMatch(/intent/);
  expect(await durableState()).toEqual(before);
});

it("and this one continues", async () => {
  exporter.tenant.advance(FIVE_MINUTES);
  await exporter.updateCode();
  await endLease();

  const { answer, error } = await exporter.run();

  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ eventsRead: 24, eventsWritten: 24, caughtUp: true });
  expect(await kinds()).not.toContain("acme#pieces live");
  await expectEachEventOnce();
});
