import type {
  CLOUDTRAIL_OPTIONS,
  DEPLOYMENT_OPTIONS,
  EXISTING_POLICY_OPTIONS,
} from "../options/deployment.js";
import type { SentencesOf } from "./sentences.js";

export const DEPLOYMENT_SENTENCES: SentencesOf<typeof DEPLOYMENT_OPTIONS> = {
  name: { description: "Every resource's name begins with it. Two deployments need two names." },
  partition: {
    description: "AWS partition: commercial, GovCloud (US) or China.",
  },
  retain: {
    description:
      "Let Terraform refuse to destroy what holds data; a bucket or key that an existing one replaces is forgotten, not " +
      "destroyed (docs/removal.md). false allows Terraform to destroy it.",
  },
};

export const EXISTING_POLICY_SENTENCES: SentencesOf<typeof EXISTING_POLICY_OPTIONS> = {
  policy: {
    description:
      "What happens to the policy: print the statements that its owner must add, own the whole document, or refuse to " +
      "synthesize while a statement is missing.",
  },
};

export const CLOUDTRAIL_SENTENCES: SentencesOf<typeof CLOUDTRAIL_OPTIONS> = {
  leaving: {
    description:
      "Leaving an existing bucket, key or topic in two steps: withdraw writes policies and notifications back without " +
      "our entries, release removes them from the Terraform state unchanged. See docs/removal.md.",
  },
  stsV2Tokens: {
    description:
      "Let the global STS endpoint issue tokens that are valid in opt-in regions: a setting of the whole log archive account.",
  },
  scope: {
    description:
      "The whole organization, from the management account; or single accounts. Default: organization if organizationId is " +
      "given.",
  },
};
