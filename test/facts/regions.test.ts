import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { needsV2Tokens } from "../../constructs/iam/index.js";
import { DEPLOYMENT_PARTITIONS } from "../../facts/partitions.js";
import { isOptIn, REGIONS } from "../../facts/regions.js";

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

it("GIVEN the list THEN all commercial regions but those of before March 2019 are opt-in, for the constructs, too", () => {
  const enabledByDefault = Object.keys(REGIONS).filter((region) => REGIONS[region]?.optIn === false);

  expect(enabledByDefault.filter((region) => REGIONS[region]?.partition === "aws").toSorted()).toEqual([
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ]);
  for (const [region, { optIn }] of Object.entries(REGIONS)) {
    expect([region, needsV2Tokens(region)]).toEqual([region, optIn]);
  }
});

it("takes a commercial region that it does not know for opt-in, and one of another partition not", () => {
  expect(isOptIn("eu-newest-1")).toBe(true);
  expect(isOptIn("us-gov-newest-1")).toBe(false);
});
