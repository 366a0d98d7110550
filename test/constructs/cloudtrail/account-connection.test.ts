import { describe, expect, it } from "vitest";
import { AccountConnection, type AccountConnectionProps } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";

const TRAIL = "arn:aws-us-gov:cloudtrail:us-gov-west-1:222222222222:trail/vectra-cdr";

function synth(props: Partial<AccountConnectionProps> = {}): Template {
  return synthTemplate((stack) => {
    const connection = new AccountConnection(stack, "vectra", {
      name: "vectra-cdr",
      accountId: "222222222222",
      region: "us-gov-west-1",
      bucketName: "acme-logs",
      vectraAccountId: "999999999999",
      externalId: "external",
      partition: "aws-us-gov",
      ...props,
    });
    expect(connection.bucket.created).toBe(true);
  });
}

describe("AccountConnection", () => {
  it("connects everything of one account, in its partition", () => {
    const template = synth();
    const key = "${aws_kms_key.vectra_log-key_key.arn}";
    expect(template.resource("aws_cloudtrail")).toMatchObject({
      name: "vectra-cdr",
      is_organization_trail: false,
      s3_bucket_name: "acme-logs",
      sns_topic_name: "vectra-cdr-logs",
      kms_key_id: key,
      depends_on: [
        "aws_s3_bucket_policy.vectra_log-bucket_policy",
        "aws_kms_key.vectra_log-key_key",
        "aws_sns_topic_policy.vectra_topic_policy",
      ],
    });
    expect(template.resource("aws_sns_topic")).toEqual({ name: "vectra-cdr-logs", kms_master_key_id: key });
    expect(template.resource("aws_kms_alias")["name"]).toBe("alias/vectra-cdr-logs");
    expect(template.resource("aws_iam_role")["name"]).toBe("vectra-cdr");
    for (const policy of [
      template.policy("aws_s3_bucket_policy"),
      template.policy("aws_kms_key"),
      template.policy("aws_sns_topic_policy"),
    ]) {
      expect(JSON.stringify(policy)).toContain(`"aws:SourceArn":["${TRAIL}"]`);
    }
    expect(JSON.stringify(template.policy("aws_kms_key"))).toContain(
      '"aws:PrincipalArn":["arn:aws-us-gov:iam::222222222222:role/vectra-cdr"]',
    );
    expect(template.resource("aws_kms_key")).toHaveProperty("lifecycle");
    // No ARN of the commercial partition.
    expect(template.text).not.toContain("arn:aws:");
  });

  it("tells what the Vectra UI asks for", () => {
    expect(synth().outputs()).toEqual({
      "vectra_role-arn": {
        value: "${aws_iam_role.vectra_vectra-role_role.arn}",
        description: "For the Vectra UI: ARN of the role that Vectra assumes.",
      },
      "vectra_bucket-name": {
        value: "${aws_s3_bucket.vectra_log-bucket_bucket.bucket}",
        description: "For the Vectra UI: name of the bucket with the log files.",
      },
      "vectra_bucket-region": {
        value: "us-gov-west-1",
        description: "For the Vectra UI: region of that bucket.",
      },
      "vectra_topic-arn": {
        value: "${aws_sns_topic.vectra_topic_topic.arn}",
        description: "For the Vectra UI: ARN of the topic that announces new log files.",
      },
    });
  });

  it("takes events, and lets go", () => {
    const template = synth({ events: { excludeKmsEvents: false }, retain: false });
    expect(template.text).not.toContain("kms.amazonaws.com");
    expect(template.resource("aws_s3_bucket")).not.toHaveProperty("lifecycle");
    expect(template.resource("aws_kms_key")).not.toHaveProperty("lifecycle");
  });

  it("refuses what one of its parts refuses, by that part's name", () => {
    expect(() => synth({ externalId: "a b" })).toThrow(/vectra-role: externalId is "a b"/);
  });
});
