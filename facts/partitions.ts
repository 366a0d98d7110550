/** What this project uses and not every partition has. */
export type PartitionFeature = "organization trail" | "STS tokens version 2" | "Security Lake";

/** What differs from one partition to the next. */
interface PartitionFacts {
  /** Prefix of the codes of its regions; every other region is commercial. */
  readonly regionPrefix: string;
  /** Ending of the services' host names. */
  readonly dnsSuffix: string;
  /** Whether a deployment file may name it: its regions are in `regions.ts`. */
  readonly inDeployments: boolean;
  /** Each feature that the partition lacks, with the reason. */
  readonly lacks: Readonly<Partial<Record<PartitionFeature, string>>>;
}

const REGIONAL_STS_ONLY = "STS has no global endpoint there, and every token is already valid in all regions";

/**
 * Partitions of AWS. Which services exist where is what AWS's own SDK data says (botocore `endpoints.json`,
 * 2026-11); a difference that is published nowhere is not here, and nothing is refused for it.
 *
 * Service principals (`cloudtrail.amazonaws.com`, `s3.amazonaws.com`, `sns.amazonaws.com`) and event sources
 * (`kms.amazonaws.com`) read the same in all of these partitions; the DNS suffix is for host names only.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
const FACTS = {
  aws: { regionPrefix: "", dnsSuffix: "amazonaws.com", inDeployments: true, lacks: {} },
  "aws-us-gov": {
    regionPrefix: "us-gov-",
    dnsSuffix: "amazonaws.com",
    inDeployments: true,
    lacks: { "STS tokens version 2": REGIONAL_STS_ONLY },
  },
  "aws-cn": {
    regionPrefix: "cn-",
    dnsSuffix: "amazonaws.com.cn",
    inDeployments: true,
    lacks: {
      "STS tokens version 2": REGIONAL_STS_ONLY,
      "Security Lake": "it has no endpoint there",
    },
  },
  "aws-eusc": {
    regionPrefix: "eusc-",
    dnsSuffix: "amazonaws.eu",
    inDeployments: false,
    lacks: {
      "organization trail": "AWS Organizations has no endpoint there",
      "STS tokens version 2": REGIONAL_STS_ONLY,
      "Security Lake": "it has no endpoint there",
    },
  },
} as const satisfies Readonly<Record<string, PartitionFacts>>;

type KnownPartition = keyof typeof FACTS;

/** A partition that a deployment file may name. */
export type DeploymentPartition = {
  [Name in KnownPartition]: (typeof FACTS)[Name]["inDeployments"] extends true ? Name : never;
}[KnownPartition];

/** The same by any name: a partition that is not known here has no facts. */
export const PARTITIONS: Readonly<Record<string, PartitionFacts>> = FACTS;

/** The partition where none is named: commercial. */
export const DEFAULT_PARTITION = "aws" satisfies DeploymentPartition;

/** Partitions that a deployment file may name: commercial, GovCloud (US), China. */
export const DEPLOYMENT_PARTITIONS = (Object.keys(FACTS) as KnownPartition[]).filter(
  (name): name is DeploymentPartition => FACTS[name].inDeployments,
);

/** DNS suffix where the partition is not known here: one of the commercial partition allows nothing elsewhere. */
export const DEFAULT_DNS_SUFFIX = FACTS[DEFAULT_PARTITION].dnsSuffix;

/** The partition that a region belongs to, by the region's code: `cn-north-1` -> `aws-cn`. */
export function partitionOfRegion(region: string): string {
  const special = Object.entries(PARTITIONS).find(
    ([, { regionPrefix }]) => regionPrefix !== "" && region.startsWith(regionPrefix),
  );
  return special?.[0] ?? DEFAULT_PARTITION;
}
