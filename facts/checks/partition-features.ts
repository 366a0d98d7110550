import { DEFAULT_PARTITION, PARTITIONS, type PartitionFeature } from "../partitions.js";
import { type Check, effective, given } from "./check.js";

const FEATURES = [
  {
    key: "organizationTrail",
    feature: "organization trail",
    what: "organization trails are",
    remedy: "Give each account its own trail, all into one bucket.",
  },
  {
    key: "stsV2Tokens",
    feature: "STS tokens version 2",
    what: "version 2 tokens of STS are",
    remedy: "Omit version 2 tokens.",
  },
  {
    key: "securityLake",
    feature: "Security Lake",
    what: "Security Lake is",
    remedy: "Remove it, and export from a deployment in partition aws.",
  },
] as const satisfies readonly { key: string; feature: PartitionFeature; what: string; remedy: string }[];

/** What a partition lacks, as far as AWS publishes it; nothing is found in a partition that is not known. */
export const partitionFeatures: Check<{
  partition: string;
  organizationTrail: boolean;
  stsV2Tokens: boolean;
  securityLake: boolean;
}> = (values) => {
  const partition = effective(values.partition, DEFAULT_PARTITION);
  const lacks = partition === undefined ? undefined : PARTITIONS[partition]?.lacks;
  return FEATURES.flatMap(({ key, feature, what, remedy }) => {
    const reason = lacks?.[feature];
    return reason === undefined || given(values[key]) !== true
      ? []
      : [{ key, problem: `${what} not available in partition ${partition}: ${reason}`, remedy }];
  });
};
