import { Token } from "cdktf";
import { identityPerimeterWithVectra } from "../../../constructs/cloudtrail/data-perimeter.js";
import type { IVectraRole } from "../../../constructs/cloudtrail/index.js";
import { logRootInPolicy } from "../../../constructs/cloudtrail/log-root.js";
import { readerRoleStatements, subscribeToTopic } from "../../../constructs/cloudtrail/reader-role-policy.js";
import { type PolicyStatement, policyJson } from "../../../constructs/iam/index.js";
import { REGIONS } from "../../../facts/regions.js";
import { type LogArchive, type Parts, readersOf, subscribersOf } from "./archive.js";

/** For a person to fill in: the ARN holds an id that AWS chooses. */
const NEW_KEY = "<ARN of the new log key>";

/** Asks for everything that has to be done elsewhere. */
export function askForWhatIsMissing(archive: LogArchive, parts: Parts, role: IVectraRole): void {
  askForStatements(archive, parts);
  askForRole(archive, parts, role);
  askForReaders(archive, parts);
  askForPerimeter(archive);
  askForTokens(archive);
}

function askForStatements({ stack, cloudTrail, names }: LogArchive, parts: Parts): void {
  const { bucket, key, topic } = parts;
  const { existing: theirTopic } = cloudTrail.topic;
  const asked: readonly (readonly [string, string, readonly PolicyStatement[]])[] = [
    ["log_bucket", `bucket ${names.logBucket}`, bucket.statementsToAdd],
    ["log_key", `key ${cloudTrail.logKey?.existing?.arn}`, key?.statementsToAdd ?? []],
    ["topic", `topic ${theirTopic?.arn}`, topic.statementsToAdd],
    [
      "topic_key",
      `key ${theirTopic?.kmsKeyArn}`,
      topic.key === key ? [] : (topic.key?.statementsToAdd ?? []),
    ],
  ];
  for (const [name, what, statements] of asked) {
    if (statements.length > 0) {
      stack.toDo.push({
        what: `The policy of ${what} is not changed by this deployment: its owner must add these statements before you apply.`,
        text: asDocument(statements),
      });
      stack.createOutput(
        `${name}_statements_to_add`,
        policyJson(statements),
        `Statements that the owner of the ${name.replace("_", " ")} must add to its policy.`,
      );
    }
  }
}

function askForRole({ stack, cloudTrail }: LogArchive, parts: Parts, role: IVectraRole): void {
  const { existing } = cloudTrail.role;
  if (existing === undefined) {
    return;
  }
  stack.toDo.push({
    what: `Role ${existing.arn} is not changed by this deployment: its trust policy must contain the first of these statements, its permissions policy the others.`,
    text: forPerson(parts, [...role.trustStatementsToAdd, ...role.statementsToAdd]),
  });
  stack.createOutput(
    "vectra_role_statements",
    policyJson(role.statementsToAdd),
    "Statements that the policy of Vectra's role must contain.",
  );
}

/** Across accounts a role needs the permission in its own policy, too, which this deployment does not manage. */
function askForReaders(archive: LogArchive, parts: Parts): void {
  const { stack } = archive;
  const { bucket, logsKey, topic } = parts;
  const readers = readersOf(archive);
  if (readers.length > 0) {
    stack.toDo.push({
      what: `The policies of ${readers.join(", ")} must contain these statements: across accounts, both the policies of bucket and key and those of the roles have to allow access.`,
      text: forPerson(
        parts,
        readerRoleStatements({
          bucketArn: bucket.composed.bucketArn,
          logRoot: logRootInPolicy(bucket.keyPrefix),
          kmsKeyArn: logsKey?.keyArn,
        }),
      ),
    });
  }
  const subscribers = subscribersOf(archive).map(({ roleArn }) => roleArn);
  if (subscribers.length > 0) {
    stack.toDo.push({
      what: `The policies of ${subscribers.join(", ")} must contain this statement: across accounts, both the topic's policy and those of the roles have to allow access.`,
      text: asDocument([subscribeToTopic(topic.composed.topicArn)]),
    });
  }
}

/** A new key's ARN is known to Terraform alone. */
function forPerson({ key }: Parts, statements: readonly PolicyStatement[]): string {
  const text = asDocument(statements);
  return key !== undefined && Token.isUnresolved(key.keyArn) ? text.replaceAll(key.keyArn, NEW_KEY) : text;
}

/** Vectra is outside the organization, and a data perimeter keeps such principals out. */
function askForPerimeter(archive: LogArchive): void {
  const { stack, cloudTrail, vectra } = archive;
  const { perimeterTags } = cloudTrail.role.create ?? {};
  if (!(cloudTrail.organization?.dataPerimeter ?? perimeterTags !== undefined)) {
    return;
  }
  const tags = Object.keys(perimeterTags ?? {});
  stack.toDo.push({
    what:
      `The organization's resource control policies (RCP) must allow Vectra's account ${vectra.accountId} to assume ${archive.vectraRoleArn}: ` +
      "compare each Deny of sts:AssumeRole with this statement, in which any one of the keys below StringNotEqualsIfExists exempts. " +
      "Service control policies (SCP) must not deny the role's own requests from Vectra's networks" +
      (tags.length === 0 ? "." : `, nor Terraform's tagging with ${tags.join(", ")}.`),
    text: asDocument([
      identityPerimeterWithVectra({
        organizationId: cloudTrail.organizationId ?? "<organization ID>",
        vectraAccountId: vectra.accountId,
        perimeterTags: perimeterTags ?? {},
      }),
    ]),
  });
}

function askForTokens({ stack, deployment, cloudTrail }: LogArchive): void {
  const region = cloudTrail.logBucket.existing?.region ?? deployment.region;
  const facts = REGIONS[region];
  if (facts?.optIn === true && !cloudTrail.stsV2Tokens) {
    stack.toDo.push({
      what:
        `${region} is an opt-in region, launched after 2019: tokens of the global STS endpoint are not valid there ` +
        `unless account ${stack.accountId} issues version 2 tokens. Set cloudTrail.stsV2Tokens: true, or run once ` +
        "in that account:",
      text: "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token",
    });
  }
}

/** For people, so without the escapes that Terraform needs. */
function asDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, undefined, 2);
}
