/** What this project knows about an AWS region. */
export interface RegionFacts {
  readonly partition: Partition;
  /** Year of general availability. */
  readonly launched: number;
  /** Whether an account must enable the region first: every region launched after 20 March 2019. */
  readonly optIn: boolean;
}

/** Partitions that a deployment may be in: commercial, GovCloud (US), China. */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn"] as const;

type Partition = (typeof PARTITIONS)[number];

const commercial = (launched: number, optIn = false): RegionFacts => ({ partition: "aws", launched, optIn });
const optIn = (launched: number) => commercial(launched, true);
const gov = (launched: number): RegionFacts => ({ partition: "aws-us-gov", launched, optIn: false });
const china = (launched: number): RegionFacts => ({ partition: "aws-cn", launched, optIn: false });

/**
 * Every region of the three partitions.
 *
 * Sources: codes and partitions from the partition data of the AWS SDK for JavaScript, @aws-sdk/core 3.981.0;
 * launch years and opt-in from AWS's own pages ("AWS Regions" and "Enable or disable AWS Regions in your
 * account") and launch announcements; all taken on 2026-11-21. `test/deployment/regions.test.ts` compares the
 * codes with the installed SDK, so updating the SDK tells when a region is missing here.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
export const REGIONS: Readonly<Record<string, RegionFacts>> = {
  "af-south-1": optIn(2020),
  "ap-east-1": optIn(2019),
  "ap-east-2": optIn(2025),
  "ap-northeast-1": commercial(2011),
  "ap-northeast-2": commercial(2016),
  // Local region since 2018, a full one since 2021; never opt-in.
  "ap-northeast-3": commercial(2018),
  "ap-south-1": commercial(2016),
  "ap-south-2": optIn(2022),
  "ap-southeast-1": commercial(2010),
  "ap-southeast-2": commercial(2012),
  "ap-southeast-3": optIn(2021),
  "ap-southeast-4": optIn(2023),
  "ap-southeast-5": optIn(2024),
  "ap-southeast-6": optIn(2025),
  "ap-southeast-7": optIn(2025),
  "ca-central-1": commercial(2016),
  "ca-west-1": optIn(2023),
  "eu-central-1": commercial(2014),
  "eu-central-2": optIn(2022),
  "eu-north-1": commercial(2018),
  "eu-south-1": optIn(2020),
  "eu-south-2": optIn(2022),
  "eu-west-1": commercial(2007),
  "eu-west-2": commercial(2016),
  "eu-west-3": commercial(2017),
  "il-central-1": optIn(2023),
  "me-central-1": optIn(2022),
  "me-south-1": optIn(2019),
  // Announced for 2026; the SDK knows its code already.
  "me-west-1": optIn(2026),
  "mx-central-1": optIn(2025),
  "sa-east-1": commercial(2011),
  // Announced for 2026; the SDK knows its code already.
  "sa-west-1": optIn(2026),
  "us-east-1": commercial(2006),
  "us-east-2": commercial(2016),
  "us-west-1": commercial(2009),
  "us-west-2": commercial(2011),
  "us-gov-east-1": gov(2018),
  "us-gov-west-1": gov(2011),
  "cn-north-1": china(2013),
  "cn-northwest-1": china(2017),
};
