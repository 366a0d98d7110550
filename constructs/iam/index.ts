export { accountRootArn, roleArn } from "./arn.js";
export {
  type PolicyCondition,
  type PolicyPrincipal,
  type PolicyStatement,
  policyDocument,
} from "./policy.js";
