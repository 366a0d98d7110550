import { given } from "../../facts/given.js";
import { terraformText } from "../terraform-text.js";

/** What an organization requires of every role. */
export interface RoleOptions {
  /**
   * IAM path of the roles, with a slash at both ends. A later change replaces the roles.
   *
   * @default "/"
   */
  readonly rolePath?: string | undefined;
  /**
   * ARN of the managed policy that bounds the roles.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
}

/** Arguments of `aws_iam_role` for the options that are given; the others keep AWS's own defaults. */
export function roleArguments({ rolePath, permissionsBoundary }: RoleOptions): {
  path?: string;
  permissionsBoundary?: string;
} {
  return {
    ...given({
      path: rolePath === undefined ? undefined : terraformText(rolePath),
      permissionsBoundary: permissionsBoundary === undefined ? undefined : terraformText(permissionsBoundary),
    }),
  };
}
