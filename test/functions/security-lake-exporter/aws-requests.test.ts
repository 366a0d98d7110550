import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import {
  AWS_REQUESTS,
  AwsCallError,
  calling,
  callsUnderWay,
  naming,
} from "../../../functions/security-lake-exporter/aws-requests.js";

it("ends a call of AWS that is never answered", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    maxAttempts: 1,
    requestHandler: { ...AWS_REQUESTS, requestTimeout: 50 },
  });

  await expect(client.send(new ListTablesCommand())).rejects.toThrow(/did not complete within 50 ms|50 ms/);

  client.destroy();
  silent.closeAllConnections();
  silent.close();
  expect(AWS_REQUESTS.requestTimeout).toBe(20_000);
});

describe("a client that names its calls", () => {
  const DELETE = new DeleteItemCommand({ TableName: "t", Key: { pk: { S: "acme#v3.4" } } });

  /** What a call to DynamoDB becomes that is answered like this. */
  async function answeredWith(status: number, body: string): Promise<unknown> {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = naming(
      new DynamoDBClient({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: "eu-west-1",
        credentials: { accessKeyId: "a", secretAccessKey: "s" },
        maxAttempts: 1,
      }),
      "DynamoDB table checkpoints",
    );
    try {
      return await client.send(DELETE).catch((error: unknown) => error);
    } finally {
      client.destroy();
      server.close();
    }
  }

  it("says which call failed, and about what", async () => {
    const error = await answeredWith(400, '{"__type":"ThrottlingException","message":"Rate exceeded"}');

    expect(error).toMatchObject({
      name: "ThrottlingException",
      message: "DeleteItem of DynamoDB table checkpoints failed: ThrottlingException: Rate exceeded",
    });
  });

  it("leaves an error its class, by which it is recognized", async () => {
    expect(
      await answeredWith(400, '{"__type":"ConditionalCheckFailedException","message":"no"}'),
    ).toBeInstanceOf(ConditionalCheckFailedException);
  });

  it("never quotes an answer that cannot be read", async () => {
    const error = await answeredWith(200, '{"SecretString": swordfish}');

    expect(error).toEqual(
      new AwsCallError("DeleteItem of DynamoDB table checkpoints failed: the answer cannot be read"),
    );
    expect((error as Error).cause).toBe(undefined);
  });

  it("returns what succeeds as it is", async () => {
    expect(await answeredWith(200, "{}")).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});

describe("a call by its name", () => {
  it("has an error that begins with it, and that of the SDK as its cause", async () => {
    const cause = Object.assign(new Error("Rate exceeded"), { name: "Throttling" });

    const error = await calling("Assuming role r", () => Promise.reject(cause)).catch((reason) => reason);

    expect(error).toBeInstanceOf(AwsCallError);
    expect(error.message).toBe("Assuming role r failed: Throttling: Rate exceeded");
    expect(error.cause).toBe(cause);
  });

  it("that is part of another one is in that one's error", async () => {
    const inner = () => calling("Assuming role r", () => Promise.reject("no"));

    await expect(calling("Writing s3://b/k", inner)).rejects.toThrow(
      "Writing s3://b/k failed: Assuming role r failed: no",
    );
  });

  it("is listed while it is under way, once", async () => {
    const answer = Promise.withResolvers<string>();
    const calls = [1, 2].map(() => calling("Reading secret s", () => answer.promise));
    expect(callsUnderWay()).toEqual(["Reading secret s"]);

    answer.resolve("read");

    expect(await Promise.all(calls)).toEqual(["read", "read"]);
    expect(callsUnderWay()).toEqual([]);
  });
});
