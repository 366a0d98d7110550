import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Creator } from "./creator.js";

export const role: Creator = async (declaration, { client }) => {
  const name = declaration.string("name");
  const { Role } = await new IAMClient(client).send(
    new CreateRoleCommand({
      RoleName: name,
      Path: declaration.optionalString("path"),
      Description: declaration.optionalString("description"),
      AssumeRolePolicyDocument: declaration.string("assume_role_policy"),
      MaxSessionDuration: declaration.optionalNumber("max_session_duration"),
      PermissionsBoundary: declaration.optionalString("permissions_boundary"),
    }),
  );
  return { id: name, arn: Role?.Arn, unique_id: Role?.RoleId };
};

export const rolePolicy: Creator = async (declaration, { client }) => {
  const name = declaration.string("name");
  const roleName = declaration.string("role");
  await new IAMClient(client).send(
    new PutRolePolicyCommand({
      RoleName: roleName,
      PolicyName: name,
      PolicyDocument: declaration.string("policy"),
    }),
  );
  return { id: `${roleName}:${name}` };
};

export const rolePolicyAttachment: Creator = async (declaration, { client }) => {
  const roleName = declaration.string("role");
  const policyArn = declaration.string("policy_arn");
  await new IAMClient(client).send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn }));
  return { id: `${roleName}/${policyArn}` };
};
