import type {
  CloudtrailAdvancedEventSelector,
  CloudtrailAdvancedEventSelectorFieldSelector,
} from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { EVENT_OPTIONS } from "../../facts/options/trail.js";

/** What a trail records, in CloudTrail's words. */
export interface EventSelectorProps {
  /**
   * Which management events are recorded. Vectra requires them; `read` or `write` alone omits half of them.
   *
   * @default "all"
   */
  readonly managementEvents?: "all" | "read" | "write" | undefined;
  /**
   * Whether to exclude the management events of AWS KMS. Vectra does not need them, and they are high-volume, but the Config
   * rule behind Security Hub CloudTrail.1 and CIS 3.1 calls a trail without them non-compliant.
   *
   * @default true
   */
  readonly excludeKmsEvents?: boolean | undefined;
  /**
   * Whether to exclude the management events of the RDS Data API, which can be as numerous.
   *
   * @default false
   */
  readonly excludeRdsDataApiEvents?: boolean | undefined;
  /**
   * Buckets whose object-level events are recorded. Recommended for high-value buckets, charged per event.
   * Never the log bucket itself: each delivery would be an event to deliver.
   *
   * @default - no S3 data events
   */
  readonly s3DataEvents?: readonly S3DataEventScope[] | undefined;
  /**
   * Record the object-level events of every bucket except these. The log bucket is always excluded; an empty
   * list means every other bucket. Not together with `s3DataEvents`.
   *
   * @default - no S3 data events but those of `s3DataEvents`
   */
  readonly s3DataEventsExcept?: readonly S3DataEventScope[] | undefined;
  /**
   * Whether S3 data events are recorded when objects are written only, or also when they are read.
   *
   * @default "all"
   */
  readonly s3DataEventAccess?: "all" | "write" | undefined;
}

/** A bucket, or the part of it below a prefix. */
export interface S3DataEventScope {
  /** `arn:aws:s3:::bucket`, without a path. */
  readonly bucketArn: string;
  /**
   * Only objects whose keys begin with this prefix.
   *
   * @default - every object of the bucket
   */
  readonly keyPrefix?: string | undefined;
}

type FieldSelector = CloudtrailAdvancedEventSelectorFieldSelector;

/**
 * Advanced event selectors for the props: management events always, S3 data events for the named buckets or
 * for all but those.
 *
 * @param logBucketArn bucket that the trail delivers to, which is excluded when all buckets but some are recorded.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
 */
export function advancedEventSelectors(
  events: EventSelectorProps,
  logBucketArn: string,
): CloudtrailAdvancedEventSelector[] {
  const { s3DataEvents = [], s3DataEventsExcept } = events;
  const selectors = [managementEvents(events)];
  if (s3DataEvents.length > 0) {
    selectors.push(s3DataEventSelector(events, { startsWith: s3DataEvents.map(arnPrefix) }));
  }
  if (s3DataEventsExcept !== undefined) {
    const excepted = [{ bucketArn: logBucketArn }, ...s3DataEventsExcept].map(arnPrefix);
    selectors.push(s3DataEventSelector(events, { notStartsWith: [...new Set(excepted)] }));
  }
  return selectors;
}

/** Values in all selectors together, which is what CloudTrail counts against its quota of 500 a trail. */
export function conditionCount(selectors: readonly CloudtrailAdvancedEventSelector[]): number {
  return selectors
    .flatMap(({ fieldSelector }) => (Array.isArray(fieldSelector) ? (fieldSelector as FieldSelector[]) : []))
    .flatMap(({ field, ...operators }) => Object.values(operators))
    .reduce((count, values) => count + values.length, 0);
}

function managementEvents(events: EventSelectorProps): CloudtrailAdvancedEventSelector {
  const excludedSources = [
    ...((events.excludeKmsEvents ?? EVENT_OPTIONS.excludeKmsEvents.default) ? ["kms.amazonaws.com"] : []),
    ...((events.excludeRdsDataApiEvents ?? EVENT_OPTIONS.excludeRdsDataApiEvents.default)
      ? ["rdsdata.amazonaws.com"]
      : []),
  ];
  const access = events.managementEvents ?? EVENT_OPTIONS.managementEvents.default;
  return {
    name: "Management events",
    fieldSelector: [
      { field: "eventCategory", equalTo: ["Management"] },
      ...(excludedSources.length === 0 ? [] : [{ field: "eventSource", notEquals: excludedSources }]),
      ...(access === "all" ? [] : [{ field: "readOnly", equalTo: [String(access === "read")] }]),
    ],
  };
}

function s3DataEventSelector(
  events: EventSelectorProps,
  buckets: Pick<FieldSelector, "startsWith" | "notStartsWith">,
): CloudtrailAdvancedEventSelector {
  return {
    name: "S3 data events",
    fieldSelector: [
      { field: "eventCategory", equalTo: ["Data"] },
      { field: "resources.type", equalTo: ["AWS::S3::Object"] },
      ...((events.s3DataEventAccess ?? EVENT_OPTIONS.s3DataEventAccess.default) === "write"
        ? [{ field: "readOnly", equalTo: ["false"] }]
        : []),
      { field: "resources.ARN", ...buckets },
    ],
  };
}

/** The slash ends the name: without it `arn:...:logs` would also take `arn:...:logs-archive`. */
function arnPrefix({ bucketArn, keyPrefix }: S3DataEventScope): string {
  return `${bucketArn}/${keyPrefix ?? ""}`;
}
