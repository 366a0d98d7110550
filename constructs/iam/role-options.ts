import { terraformText } from "../terraform-text.js";

/** What an organization asks of every role, whatever it is for. */
export interface RoleOptions {
  readonly rolePath?: string | undefined;
  readonly permissionsBoundary?: string | undefined;
}

/** Arguments of `aws_iam_role` for the options that are given; the others keep AWS's own defaults. */
export function roleArguments({ rolePath, permissionsBoundary }: RoleOptions): {
  path?: string;
  permissionsBoundary?: string;
} {
  return {
    ...(rolePath === undefined ? {} : { path: terraformText(rolePath) }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary: terraformText(permissionsBoundary) }),
  };
}
