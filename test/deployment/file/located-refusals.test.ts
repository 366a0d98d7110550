import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../deployment/file/diagnostics.js";
import { locateRefusal } from "../../../deployment/file/locate.js";
import { RefusedDeployment } from "../../../deployment/file/refusal.js";
import { deploymentSource } from "../../../deployment/load.js";
import { cloudTrailFile, existingFile, TOPIC } from "../cloudtrail-deployment.js";
import { synthesized } from "../synthesized.js";

const file = "deployment.yaml";

/** What a person is told about a file that only the constructs refuse. */
function refusalOf(text: string): Diagnostic {
  try {
    synthesized(text);
  } catch (error) {
    if (error instanceof RefusedDeployment) {
      const [diagnostic] = locateRefusal(error, deploymentSource(text), file).diagnostics;
      if (diagnostic !== undefined) {
        return diagnostic;
      }
    }
    throw error;
  }
  throw new Error("The deployment was accepted");
}

/** Accounts of an organization with this many members. */
function members(count: number): string {
  const ids = Array.from({ length: count }, (_, index) => `{ id: "${500000000000 + index}" }`);
  return `{ logArchive: { id: "222222222222" }, members: [${ids.join(", ")}] }`;
}

describe("GIVEN a deployment that only its constructs can refuse THEN the place in the file is told all the same", () => {
  it("WHEN nothing may be added to an existing bucket's policy and something must THEN it says what", () => {
    const refusal = refusalOf(
      cloudTrailFile({ logBucket: "{ existing: { name: our-logs, policy: refuse } }" }),
    );

    expect(refusal).toMatchObject({
      file,
      line: 9,
      column: 52,
      field: "cloudTrail.logBucket.existing.policy",
      remedy: 'Add them to the resource and to currentStatements, or choose "print" or "own".',
    });
    expect(refusal.problem).toMatch(/^is "refuse": its policy would need \[{"Sid":"CloudTrailReadsAcl"/);
    expect(refusal).not.toHaveProperty("allowed");
  });

  it("WHEN the owner's statement has a Sid of ours THEN that statement is shown", () => {
    expect(
      refusalOf(
        existingFile({
          logKey: "",
          topic: `{ existing: { arn: "${TOPIC}", currentStatements: [{ Sid: VectraSubscribes, Effect: Deny, Principal: "*", Action: "sns:Subscribe", Resource: "${TOPIC}" }] } }`,
        }),
      ),
    ).toMatchObject({
      line: 11,
      column: 104,
      field: "cloudTrail.topic.existing.currentStatements[0].Sid",
      remedy:
        "Rename the Sid of the current statement, or omit it if an earlier version of this deployment added it.",
    });
  });

  it("WHEN an entry of the owner overlaps with ours THEN that entry is shown", () => {
    expect(
      refusalOf(
        existingFile({
          topic: "{ create: {} }",
          notification: "{ s3: {} }",
          logBucket:
            '{ existing: { name: our-logs, currentNotifications: { queues: [{ id: siem, queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem", events: ["s3:ObjectCreated:Put"], filterPrefix: AWSLogs/ }] } } }',
        }),
      ),
    ).toMatchObject({
      line: 9,
      column: 77,
      field: "cloudTrail.logBucket.existing.currentNotifications.queues[0]",
      remedy: "Narrow that entry, or let Vectra subscribe to its topic, or use the trail's own SNS setting.",
    });
  });

  it("WHEN a bucket has more entries than S3 allows THEN the way out is told", () => {
    const ids = Array.from({ length: 100 }, (_, index) => `"${500000000000 + index}"`).join(", ");

    expect(
      refusalOf(
        existingFile({
          topic: "{ create: {} }",
          notification: `{ s3: { logAccountIds: [${ids}] } }`,
          logBucket:
            '{ existing: { name: our-logs, currentNotifications: { queues: [{ id: siem, queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem", events: ["s3:ObjectRemoved:*"] }] } } }',
        }),
      ),
    ).toMatchObject({
      line: 9,
      field: "cloudTrail.logBucket.existing",
      problem:
        "logAccountIds is a list of 100: needs 100 entries in the bucket's notification configuration (one for each account), in addition to 1 of the bucket's owner; S3 allows 100",
      remedy: "Let the trail notify the topic instead, which needs no entries.",
    });
  });

  it("WHEN there are more members than a bucket policy holds THEN the limit and the way out are told", () => {
    const refusal = refusalOf(cloudTrailFile({ accounts: members(500) }));

    expect(refusal).toMatchObject({
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.create",
    });
    expect(refusal.problem).toMatch(/^bucket policy is \d+ bytes: must be at most 20480 bytes, AWS's limit$/);
    expect(refusal.remedy).toContain("organization trail");
  }, 20_000);

  it("WHEN there are 200 members THEN every policy is within AWS's limits", () => {
    const { summaries } = synthesized(cloudTrailFile({ accounts: members(200) }));

    expect(summaries).toHaveLength(201);
  }, 20_000);
});
