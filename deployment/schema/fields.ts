import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { AWS_PROVIDER_RANGE } from "../../facts/aws-provider.js";
import * as patterns from "../../facts/patterns.js";
import { REGIONS } from "../../facts/regions.js";
import { FROM_VECTRA_UI, formatOf } from "../../facts/sentences/formats.js";

/**
 * What an error says about a field whose value is wrong. The pattern of the field is for the machine (validation and
 * JSON Schema), this is for the reader of the error.
 */
export interface FieldGuide {
  /** What is allowed, as a phrase. */
  readonly allowed: string;
  /** What to do about it; a function where it depends on the wrong value. */
  readonly remedy: string | ((value: string) => string);
}

/** Guides by schema: clones made by `.describe()` and `.meta()` inherit the guide of their original. */
export const fieldGuides = z.registry<FieldGuide>();

/** Forms that may be only digits, which YAML reads as a number. */
const QUOTED: ReadonlySet<patterns.Pattern> = new Set([
  patterns.ACCOUNT_ID,
  patterns.EXTERNAL_ID,
  patterns.LAKE_EXTERNAL_ID,
]);

/** Where the guide of a field differs from that of its format. */
interface OtherGuide {
  readonly remedy?: FieldGuide["remedy"] | undefined;
  /** What the field adds to the form. */
  readonly note?: string;
}

/** A text of a form; the guide is by default that of its format. */
export function text(pattern: patterns.Pattern, { remedy, note = "" }: OtherGuide = {}) {
  const { regex, form } = pattern;
  return z
    .string()
    .regex(regex)
    .register(fieldGuides, {
      allowed: `${form}${note}${QUOTED.has(pattern) ? " in quotes" : ""}`,
      remedy: remedy ?? (pattern === patterns.TENANT_URL ? remedyForUrl : formatOf(pattern).remedy),
    });
}

function remedyForUrl(value: string): string {
  return value.startsWith("http://")
    ? "Use https://; otherwise the API client's secret would cross the network in clear text."
    : formatOf(patterns.TENANT_URL).remedy;
}

const REGION_CODES = Object.keys(REGIONS);

export const region = z.enum(REGION_CODES).register(fieldGuides, {
  allowed: "a region code such as eu-west-1",
  remedy: (value) =>
    value === ""
      ? "Enter the home region of trail, bucket, key and topic."
      : `Did you mean ${closest(value.toLowerCase(), REGION_CODES)}?`,
});

export const accountId = text(patterns.ACCOUNT_ID);
export const vectraAccountId = text(patterns.ACCOUNT_ID, { remedy: FROM_VECTRA_UI });
export const organizationId = text(patterns.ORGANIZATION_ID);

export const externalId = text(patterns.EXTERNAL_ID);
export const vectraExternalId = text(patterns.EXTERNAL_ID, { remedy: FROM_VECTRA_UI });
export const lakeExternalId = text(patterns.LAKE_EXTERNAL_ID);

/** Of a source that was created elsewhere: any that Security Lake accepted. */
export const existingLakeExternalId = text(patterns.EXTERNAL_ID, {
  remedy:
    'Read it with "aws iam get-role --role-name AmazonSecurityLake-Provider-<source>-<region>": it is the sts:ExternalId of the trust policy.',
});

export const lakeLocation = text(patterns.LAKE_LOCATION);
export const sourceName = text(patterns.SOURCE_NAME);

export const roleArn = text(patterns.ROLE_ARN);
export const roleName = text(patterns.ROLE_NAME);
export const rolePath = text(patterns.ROLE_PATH);
export const policyArn = text(patterns.POLICY_ARN);
export const principalArn = text(patterns.PRINCIPAL_ARN, { note: ", in Vectra's account" });
export const sessionName = text(patterns.SESSION_NAME);

export const keyArn = text(patterns.KEY_ARN);
export const kmsKeyId = text(patterns.KMS_KEY_ID);
export const secretArn = text(patterns.SECRET_ARN);

export const trailArn = text(patterns.TRAIL_ARN);
export const topicArn = text(patterns.TOPIC_ARN);
export const topicName = text(patterns.TOPIC_NAME);

export const bucketName = text(patterns.BUCKET_NAME);
export const keyPrefix = text(patterns.KEY_PREFIX);
export const objectKeyPrefix = text(patterns.OBJECT_KEY_PREFIX);
export const objectKeyAffix = text(patterns.OBJECT_KEY_AFFIX);
export const notificationId = text(patterns.EXISTING_NOTIFICATION_ID);
export const queueArn = text(patterns.QUEUE_ARN);
export const functionArn = text(patterns.FUNCTION_ARN);

export const securityGroupId = text(patterns.SECURITY_GROUP_ID);
export const subnetId = text(patterns.SUBNET_ID);

export const glueTableName = text(patterns.GLUE_NAME);
export const glueDatabaseName = text(patterns.GLUE_NAME, {
  remedy: "Use the database's name as Athena lists it, such as amazon_security_lake_glue_db_eu_west_1.",
});

export const tagKey = text(patterns.TAG_KEY);
export const tagValue = text(patterns.TAG_VALUE);

/** Whether the version is in the range is a constraint of its own. */
export const awsProviderVersion = text(patterns.AWS_PROVIDER_VERSION, { note: `, ${AWS_PROVIDER_RANGE}` });
