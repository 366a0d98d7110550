export { PropError } from "../prop-error.js";
export type { ExistingPolicy } from "./existing-policy.js";
export {
  type PolicyCondition,
  type PolicyPrincipal,
  type PolicyStatement,
  policyDocument,
  policyJson,
} from "./policy.js";
export { needsV2Tokens, StsTokens, type StsTokensProps } from "./sts-tokens.js";
