import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { refuse } from "./rule.js";

/** What this project uses and not every partition has. */
export type PartitionFeature = "organization trail" | "STS tokens version 2" | "Security Lake";

/** What differs from one partition to the next. */
export interface PartitionFacts {
  /** A region belongs to the partition when its code begins so. */
  readonly regionPrefix: string;
  /** Ending of the services' host names. */
  readonly dnsSuffix: string;
  /** Where one of these features is asked for it is refused with this reason. */
  readonly lacks: Readonly<Partial<Record<PartitionFeature, string>>>;
}

const COMMERCIAL_DNS_SUFFIX = "amazonaws.com";

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
export const PARTITIONS: Readonly<Record<string, PartitionFacts>> = {
  aws: { regionPrefix: "", dnsSuffix: COMMERCIAL_DNS_SUFFIX, lacks: {} },
  "aws-us-gov": {
    regionPrefix: "us-gov-",
    dnsSuffix: "amazonaws.com",
    lacks: { "STS tokens version 2": REGIONAL_STS_ONLY },
  },
  "aws-cn": {
    regionPrefix: "cn-",
    dnsSuffix: "amazonaws.com.cn",
    lacks: {
      "STS tokens version 2": REGIONAL_STS_ONLY,
      "Security Lake": "Amazon Security Lake has no endpoint there",
    },
  },
  "aws-eusc": {
    regionPrefix: "eusc-",
    dnsSuffix: "amazonaws.eu",
    lacks: {
      "organization trail": "AWS Organizations has no endpoint there",
      "STS tokens version 2": REGIONAL_STS_ONLY,
      "Security Lake": "Amazon Security Lake has no endpoint there",
    },
  },
};

/** The partition that a region belongs to, by the region's code: `cn-north-1` -> `aws-cn`. */
export function partitionOfRegion(region: string): string {
  const special = Object.entries(PARTITIONS).find(
    ([, { regionPrefix }]) => regionPrefix !== "" && region.startsWith(regionPrefix),
  );
  return special?.[0] ?? "aws";
}

/**
 * What `kms:ViaService` says of a key that a service uses for its caller: the service's host name in the region. In
 * a partition that is not known here it is the commercial one, which allows nothing elsewhere.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function viaService(
  service: string,
  { partition, region }: { readonly partition: string; readonly region: string },
): string {
  return `${service}.${region}.${dnsSuffixOf(partition)}`;
}

/** Terraform looks up what is known only to it. */
function dnsSuffixOf(partition: string): string {
  if (!Token.isUnresolved(partition)) {
    return PARTITIONS[partition]?.dnsSuffix ?? COMMERCIAL_DNS_SUFFIX;
  }
  const suffixes = Object.entries(PARTITIONS).map(([name, { dnsSuffix }]) => [name, dnsSuffix] as const);
  return Token.asString(Fn.lookup(Object.fromEntries(suffixes), partition, COMMERCIAL_DNS_SUFFIX));
}

/**
 * Refuses a prop that asks for something the partition does not have. Tokens and unknown partitions pass.
 *
 * @throws Error with the reason.
 */
export function enforceFeature(
  construct: Construct,
  prop: string,
  value: string,
  partition: string,
  feature: PartitionFeature,
  remedy: string,
): void {
  const reason = Token.isUnresolved(partition) ? undefined : PARTITIONS[partition]?.lacks[feature];
  if (reason !== undefined) {
    refuse(
      construct,
      prop,
      value,
      `partition ${JSON.stringify(partition)} does not have it: ${reason}`,
      remedy,
    );
  }
}
