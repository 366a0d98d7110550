import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderLake } from "../../../../cli/exporters/local/folder-lake.js";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "folder lake "));
});
afterEach(() => rmSync(directory, { recursive: true }));

const OBJECT = {
  accountId: "333333333333",
  eventDay: "20260131",
  name: "vectra-acme-v3.4-0-12.zstd.parquet",
  body: Buffer.from("first"),
};
const DAY = join("region=eu-west-1", "accountId=333333333333", "eventDay=20260131");

describe("GIVEN the folder of a lake", () => {
  it("WHEN an object is put THEN it is a file in Security Lake's partitions, and nothing else is there", async () => {
    const lake = join(directory, "a", "lake");

    const path = await new FolderLake(lake, "eu-west-1").put(OBJECT);

    expect(path).toBe(join(lake, DAY, "vectra-acme-v3.4-0-12.zstd.parquet"));
    expect(readFileSync(path, "utf8")).toBe("first");
    expect(readdirSync(join(lake, DAY))).toEqual(["vectra-acme-v3.4-0-12.zstd.parquet"]);
  });

  it("WHEN an object of the same name is put THEN it takes the place of the first, whole", async () => {
    const lake = new FolderLake(directory, "eu-west-1");
    await lake.put(OBJECT);

    const path = await lake.put({ ...OBJECT, body: Buffer.from("2nd") });

    expect(readFileSync(path, "utf8")).toBe("2nd");
    expect(readdirSync(join(directory, DAY))).toEqual(["vectra-acme-v3.4-0-12.zstd.parquet"]);
  });

  it("WHEN an object cannot be put THEN that is an error, and no half of it stays", async () => {
    // A directory in the place of the object.
    mkdirSync(join(directory, DAY, OBJECT.name), { recursive: true });

    await expect(new FolderLake(directory, "eu-west-1").put(OBJECT)).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST/,
    );

    expect(readdirSync(join(directory, DAY))).toEqual([OBJECT.name]);
  });
});
