import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readClientCredentials } from "../../../../cli/exporters/local/client-credentials.js";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "client "));
  file = join(directory, "client.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

const NOT_THE_FORM =
  /^--client: the file .*client\.json does not contain {"client_id": "...", "client_secret": "..."}\.$/;

describe("GIVEN the API client of a tenant", () => {
  it("WHEN it is in the environment THEN it is taken from there", async () => {
    expect(
      await readClientCredentials(undefined, { VECTRA_CLIENT_ID: "id", VECTRA_CLIENT_SECRET: "s3cret" }),
    ).toEqual({ clientId: "id", clientSecret: "s3cret" });
  });

  it("WHEN it is in a file too THEN the file counts", async () => {
    writeFileSync(file, '{"client_id": "id of the file", "client_secret": "s3cret of the file"}');

    expect(
      await readClientCredentials(file, { VECTRA_CLIENT_ID: "id", VECTRA_CLIENT_SECRET: "s3cret" }),
    ).toEqual({ clientId: "id of the file", clientSecret: "s3cret of the file" });
  });

  it.each([[{}], [{ VECTRA_CLIENT_ID: "id" }], [{ VECTRA_CLIENT_ID: "id", VECTRA_CLIENT_SECRET: "" }]])(
    "WHEN the environment has %j THEN the error says what to set",
    async (environment) => {
      await expect(readClientCredentials(undefined, environment)).rejects.toThrow(
        "set VECTRA_CLIENT_ID and VECTRA_CLIENT_SECRET, or pass --client with a file that contains",
      );
    },
  );

  it.each([
    ['{"client_id": "id", "client_secret": "s3cr'],
    ['{"client_id": "id", "client_secret": ["s3cret"]}'],
    ['"s3cret"'],
    [""],
  ])("WHEN the file holds %s THEN the error says what it should hold, and nothing of it", async (content) => {
    writeFileSync(file, content);

    const error = await readClientCredentials(file, {}).catch((reason: Error) => reason.message);

    expect(error).toMatch(NOT_THE_FORM);
    expect(error).not.toContain("s3cr");
  });

  it("WHEN the file is not there THEN the error names it", async () => {
    await expect(readClientCredentials(file, {})).rejects.toThrow(
      /^--client: the file .*client\.json cannot be read \(ENOENT\)/,
    );
  });
});
