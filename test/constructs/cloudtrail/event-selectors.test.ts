import { describe, expect, it } from "vitest";
import { advancedEventSelectors } from "../../../constructs/cloudtrail/event-selectors.js";

const LOGS = "arn:aws:s3:::acme-cloudtrail-logs";

describe("advancedEventSelectors", () => {
  it("selects management events without those of KMS by default", () => {
    expect(advancedEventSelectors({}, LOGS)).toEqual([
      {
        name: "Management events",
        fieldSelector: [
          { field: "eventCategory", equalTo: ["Management"] },
          { field: "eventSource", notEquals: ["kms.amazonaws.com"] },
        ],
      },
    ]);
  });

  it("selects KMS events too when asked", () => {
    expect(advancedEventSelectors({ excludeKmsEvents: false }, LOGS)).toEqual([
      { name: "Management events", fieldSelector: [{ field: "eventCategory", equalTo: ["Management"] }] },
    ]);
  });

  it("adds the object events of whole buckets and of prefixes", () => {
    const [, data] = advancedEventSelectors(
      {
        s3DataEvents: [
          { bucketArn: "arn:aws:s3:::crown-jewels" },
          { bucketArn: "arn:aws:s3:::mixed", keyPrefix: "secret/" },
        ],
      },
      LOGS,
    );
    expect(data).toEqual({
      name: "S3 data events",
      fieldSelector: [
        { field: "eventCategory", equalTo: ["Data"] },
        { field: "resources.type", equalTo: ["AWS::S3::Object"] },
        {
          field: "resources.ARN",
          startsWith: ["arn:aws:s3:::crown-jewels/", "arn:aws:s3:::mixed/secret/"],
        },
      ],
    });
  });

  it("adds no data selector for an empty list", () => {
    expect(advancedEventSelectors({ s3DataEvents: [] }, LOGS)).toHaveLength(1);
  });

  it("leaves the events of the RDS Data API out when asked, beside those of KMS", () => {
    const [management] = advancedEventSelectors({ excludeRdsDataApiEvents: true }, LOGS);
    expect(management?.fieldSelector).toEqual([
      { field: "eventCategory", equalTo: ["Management"] },
      { field: "eventSource", notEquals: ["kms.amazonaws.com", "rdsdata.amazonaws.com"] },
    ]);
  });

  it.each([
    ["read", "true"],
    ["write", "false"],
  ] as const)("selects management events that %s only", (managementEvents, readOnly) => {
    const [management] = advancedEventSelectors({ managementEvents, excludeKmsEvents: false }, LOGS);
    expect(management?.fieldSelector).toEqual([
      { field: "eventCategory", equalTo: ["Management"] },
      { field: "readOnly", equalTo: [readOnly] },
    ]);
  });

  it("selects S3 data events that write only", () => {
    const [, data] = advancedEventSelectors(
      { s3DataEvents: [{ bucketArn: "arn:aws:s3:::crown-jewels" }], s3DataEventAccess: "write" },
      LOGS,
    );
    expect(data?.fieldSelector).toEqual([
      { field: "eventCategory", equalTo: ["Data"] },
      { field: "resources.type", equalTo: ["AWS::S3::Object"] },
      { field: "readOnly", equalTo: ["false"] },
      { field: "resources.ARN", startsWith: ["arn:aws:s3:::crown-jewels/"] },
    ]);
  });

  it("selects the object events of all buckets but some, and never those of the log bucket", () => {
    const [, data] = advancedEventSelectors(
      { s3DataEventsExcept: [{ bucketArn: "arn:aws:s3:::noise", keyPrefix: "tmp/" }, { bucketArn: LOGS }] },
      LOGS,
    );
    expect(data?.fieldSelector).toEqual([
      { field: "eventCategory", equalTo: ["Data"] },
      { field: "resources.type", equalTo: ["AWS::S3::Object"] },
      {
        field: "resources.ARN",
        notStartsWith: ["arn:aws:s3:::acme-cloudtrail-logs/", "arn:aws:s3:::noise/tmp/"],
      },
    ]);
    expect(advancedEventSelectors({ s3DataEventsExcept: [] }, LOGS)[1]?.fieldSelector).toContainEqual({
      field: "resources.ARN",
      notStartsWith: ["arn:aws:s3:::acme-cloudtrail-logs/"],
    });
  });
});
