import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AWS_REGIONS } from "../../deployment/regions.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SDK_PARTITIONS =
  "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";

test("GIVEN the partition data of the installed AWS SDK THEN the list has every region of partition aws", () => {
  const source = readFileSync(join(ROOT, SDK_PARTITIONS), "utf8");
  const { partitions } = JSON.parse(source.slice(source.indexOf("{"), source.indexOf("};\n") + 1)) as {
    partitions: { id: string; regions: Record<string, unknown> }[];
  };
  const regions = Object.keys(partitions.find(({ id }) => id === "aws")?.regions ?? {});

  expect(AWS_REGIONS).toEqual(regions.filter((region) => region !== "aws-global"));
});
