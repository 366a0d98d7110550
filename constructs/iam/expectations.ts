import * as patterns from "../../facts/patterns.js";
import { type Expectation, following } from "../expectation.js";

export const ROLE_NAME: Expectation<string> = following(
  patterns.ROLE_NAME,
  "a role name",
  "Shorten the name, and give a path in `path`.",
);

export const ROLE_PATH: Expectation<string> = following(
  patterns.ROLE_PATH,
  "a path",
  'Add the missing "/" and remove wildcards, or omit the path.',
);

/** External ID in a trust policy. */
export const EXTERNAL_ID: Expectation<string> = following(
  patterns.EXTERNAL_ID,
  "an External ID",
  "Copy it unchanged from the Vectra UI, where the connection is created.",
);

export const ROLE_ARN: Expectation<string> = following(
  patterns.ROLE_ARN,
  "a role ARN",
  "Copy the ARN of one role, not of its policy or session.",
);

export const POLICY_ARN: Expectation<string> = following(
  patterns.POLICY_ARN,
  "a managed policy ARN",
  "Copy the ARN of the managed policy.",
);

export const PRINCIPAL_ARN: Expectation<string> = following(
  patterns.PRINCIPAL_ARN,
  "the ARN of a role or user",
  "Give one principal without wildcards, or leave it out to trust its account.",
);
