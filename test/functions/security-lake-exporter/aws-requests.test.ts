import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { AWS_REQUESTS } from "../../../functions/security-lake-exporter/aws-requests.js";

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
