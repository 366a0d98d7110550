import { policyArn, roleName, rolePath } from "./fields.js";

/** Options of every role that this deployment creates. */
export const roleSettings = (defaultName: string) => ({
  name: roleName.optional().describe(`Name of the role. Default: ${defaultName}.`),
  path: rolePath.optional().describe("IAM path of the role. Default: /."),
  permissionsBoundary: policyArn.optional().describe("Permissions boundary of the role."),
});
