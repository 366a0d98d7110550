import type {
  CloudtrailAdvancedEventSelector,
  CloudtrailAdvancedEventSelectorFieldSelector,
} from "@cdktf/provider-aws/lib/cloudtrail/index.js";

/** What a trail records, in CloudTrail's words. */
export interface EventSelectorProps {
  /**
   * Leave the management events of AWS KMS out. Vectra does not need them and they are many, but the Config
   * rule behind Security Hub CloudTrail.1 and CIS 3.1 calls a trail without them non-compliant.
   *
   * @default true
   */
  readonly excludeKmsEvents?: boolean | undefined;
  /**
   * Buckets whose object-level events are recorded. Recommended for high-value buckets, charged per event.
   * Never the log bucket itself: each delivery would be an event to deliver.
   *
   * @default - no S3 data events
   */
  readonly s3DataEvents?: readonly S3DataEventScope[] | undefined;
}

/** A bucket, or the part of it below a prefix. */
export interface S3DataEventScope {
  /** `arn:aws:s3:::bucket`, without a path. */
  readonly bucketArn: string;
  /**
   * Only objects whose key begins so.
   *
   * @default - every object of the bucket
   */
  readonly keyPrefix?: string | undefined;
}

/**
 * Advanced event selectors for the props: management events always, S3 data events for the named buckets.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
 */
export function advancedEventSelectors(events: EventSelectorProps = {}): CloudtrailAdvancedEventSelector[] {
  const scopes = events.s3DataEvents ?? [];
  return [
    managementEvents(events.excludeKmsEvents ?? true),
    ...(scopes.length === 0 ? [] : [s3DataEvents(scopes)]),
  ];
}

function managementEvents(excludeKmsEvents: boolean): CloudtrailAdvancedEventSelector {
  const everySource: CloudtrailAdvancedEventSelectorFieldSelector[] = [];
  const withoutKms = [{ field: "eventSource", notEquals: ["kms.amazonaws.com"] }];
  return {
    name: "Management events",
    fieldSelector: [
      { field: "eventCategory", equalTo: ["Management"] },
      ...(excludeKmsEvents ? withoutKms : everySource),
    ],
  };
}

function s3DataEvents(scopes: readonly S3DataEventScope[]): CloudtrailAdvancedEventSelector {
  return {
    name: "S3 data events",
    fieldSelector: [
      { field: "eventCategory", equalTo: ["Data"] },
      { field: "resources.type", equalTo: ["AWS::S3::Object"] },
      // The slash ends the name: without it `arn:...:logs` would also take `arn:...:logs-archive`.
      {
        field: "resources.ARN",
        startsWith: scopes.map((scope) => `${scope.bucketArn}/${scope.keyPrefix ?? ""}`),
      },
    ],
  };
}
