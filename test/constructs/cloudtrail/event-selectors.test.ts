import { describe, expect, it } from "vitest";
import { advancedEventSelectors } from "../../../constructs/cloudtrail/index.js";

describe("advancedEventSelectors", () => {
  it("selects management events without those of KMS by default", () => {
    expect(advancedEventSelectors()).toEqual([
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
    expect(advancedEventSelectors({ excludeKmsEvents: false })).toEqual([
      { name: "Management events", fieldSelector: [{ field: "eventCategory", equalTo: ["Management"] }] },
    ]);
  });

  it("adds the object events of whole buckets and of prefixes", () => {
    const [, data] = advancedEventSelectors({
      s3DataEvents: [
        { bucketArn: "arn:aws:s3:::crown-jewels" },
        { bucketArn: "arn:aws:s3:::mixed", keyPrefix: "secret/" },
      ],
    });
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
    expect(advancedEventSelectors({ s3DataEvents: [] })).toHaveLength(1);
  });
});
