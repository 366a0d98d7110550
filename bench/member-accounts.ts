import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureSynth, type SynthCost } from "./synth.js";

/** Cost of an organization with one trail per account, and the size of its policies in bytes. */
export interface MemberAccountsCost extends SynthCost {
  readonly bucketPolicyBytes: number;
  readonly keyPolicyBytes: number;
  readonly topicPolicyBytes: number;
}

/**
 * Synthesizes a deployment with one stack per member account, all of them writing to one bucket. The budget
 * for 200 accounts is 10 s and 400 MB; AWS's limits are 20,480 bytes for the bucket's policy, 32,768 for the
 * key's and 30,720 for the topic's.
 *
 * @param members number of member accounts.
 */
export async function measureMemberAccounts(directory: string, members: number): Promise<MemberAccountsCost> {
  const file = join(directory, `${members}-members.yaml`);
  writeFileSync(file, deploymentOf(members));
  const cost = await measureSynth(directory, file);
  const { resource } = JSON.parse(
    readFileSync(join(cost.outdir, "stacks", "log-archive", "cdk.tf.json"), "utf8"),
  ) as { resource: Record<string, Record<string, { policy: string }>> };
  const policyBytes = (type: string) =>
    Object.values(resource[type] ?? {}).reduce((sum, { policy }) => sum + Buffer.byteLength(policy), 0);
  return {
    ...cost,
    bucketPolicyBytes: policyBytes("aws_s3_bucket_policy"),
    keyPolicyBytes: policyBytes("aws_kms_key"),
    topicPolicyBytes: policyBytes("aws_sns_topic_policy"),
  };
}

function deploymentOf(members: number): string {
  const ids = Array.from({ length: members }, (_, index) => `    - { id: "${500_000_000_000 + index}" }`);
  return `name: vectra-cdr
region: eu-west-1
accounts:
  logArchive: { id: "222222222222" }
  membersAssumeRole: { roleName: terraform }
  members:
${ids.join("\n")}
vectra: { accountId: "999999999999", externalId: made-by-vectra }
cloudTrail:
  trail: { create: { scope: account } }
  logBucket: { create: {} }
  logKey: { create: {} }
  topic: { create: {} }
`;
}
