import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DynamoDbTable } from "../../../../functions/security-lake-exporter/state/dynamodb-table.js";

const KEY = { pk: "acme#v3.4", sk: "checkpoint" };

let server: Server;
let client: DynamoDBClient;
let answer = "{}";

beforeEach(async () => {
  server = createServer((_, response) => response.end(answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  server.close();
});

describe("GIVEN an answer in JSON that is not DynamoDB's", () => {
  beforeEach(() => {
    answer = "{}";
  });

  it("THEN an update does not take it for an item without attributes", async () => {
    const table = new DynamoDbTable(client, "checkpoints");

    await expect(table.update(KEY, { set: { lease_owner: "me" } })).rejects.toThrow(
      "UpdateItem of DynamoDB table checkpoints failed: the answer is not that of DynamoDB",
    );
  });

  it("THEN a read does not take it for a table without items", async () => {
    const table = new DynamoDbTable(client, "checkpoints");

    await expect(table.read(KEY.pk, [KEY.sk])).rejects.toThrow(
      "BatchGetItem of DynamoDB table checkpoints failed: the answer is not that of DynamoDB",
    );
  });
});

it("reads nothing where DynamoDB says that there is nothing", async () => {
  answer = '{"Responses":{"checkpoints":[]},"UnprocessedKeys":{}}';

  expect(await new DynamoDbTable(client, "checkpoints").read(KEY.pk, [KEY.sk])).toEqual([]);
});
