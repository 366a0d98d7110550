import { matching, type Rule } from "../rule.js";

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME: Rule<string> = matching(
  /^[\w+=,.@-]{1,64}$/,
  "a role name of 1 to 64 letters, digits and + = , . @ _ -",
  "Shorten the name, and give a path in `path`.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const ROLE_PATH: Rule<string> = matching(
  /^\/([\x21-\x2E\x30-\x7E]+\/)*$/,
  'a path that begins and ends with "/", such as "/security/"',
  'Add the missing "/", or leave the path out.',
);

/**
 * External ID in a trust policy.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const EXTERNAL_ID: Rule<string> = matching(
  /^[\w+=,.@:/-]{2,1224}$/,
  "an External ID of 2 to 1224 letters, digits and + = , . @ : / _ -",
  "Copy it unchanged from the Vectra UI, where the connection is created.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const ROLE_ARN: Rule<string> = matching(
  /^arn:[\w-]+:iam::\d{12}:role\/.+$/,
  'a role ARN such as "arn:aws:iam::111111111111:role/name"',
  "Copy the ARN of the role, not of its policy or session.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export const POLICY_ARN: Rule<string> = matching(
  /^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/,
  'a managed policy ARN such as "arn:aws:iam::111111111111:policy/boundary"',
  "Copy the ARN of the managed policy.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const PRINCIPAL_ARN: Rule<string> = matching(
  /^arn:[\w-]+:iam::\d{12}:(role|user)\/[^*?]+$/,
  'the ARN of a role or user such as "arn:aws:iam::999999999999:role/name"',
  "Give one principal without wildcards, or leave it out to trust its account.",
);
