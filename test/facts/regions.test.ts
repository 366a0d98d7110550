import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { needsV2Tokens } from "../../constructs/iam/index.js";
import { DEPLOYMENT_PARTITIONS } from "../../facts/partitions.js";
import { REGIONS } from "../../facts/regions.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SDK_PARTITIONS =
  "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";

it.each(DEPLOYMENT_PARTITIONS)(
  "GIVEN the partition data of the installed AWS SDK THEN the list has every region of partition %s",
  (partition) => {
    const source = readFileSync(join(ROOT, SDK_PARTITIONS), "utf8");
    const { partitions } = JSON.parse(source.slice(source.indexOf("{"), source.indexOf("};\n") + 1)) as {
      partitions: { id: string; regions: Record<string, unknown> }[];
    };
    const regions = Object.keys(partitions.find(({ id }) => id === partition)?.regions ?? {});
    const ours = Object.keys(REGIONS).filter((region) => REGIONS[region]?.partition === partition);

    expect(ours.toSorted()).toEqual(regions.filter((region) => region !== `${partition}-global`).toSorted());
  },
);

it("GIVEN the list THEN the constructs know the same regions as opt-in", () => {
  for (const [region, { optIn }] of Object.entries(REGIONS)) {
    expect([region, needsV2Tokens(region)]).toEqual([region, optIn]);
  }
});
