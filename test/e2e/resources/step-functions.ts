import { CreateStateMachineCommand, SFNClient, type StateMachineType } from "@aws-sdk/client-sfn";
import type { Creator } from "./creator.js";

export const stateMachine: Creator = async (declaration, { client }) => {
  const name = declaration.string("name");
  const { stateMachineArn } = await new SFNClient(client).send(
    new CreateStateMachineCommand({
      name,
      type: declaration.optionalString("type") as StateMachineType | undefined,
      roleArn: declaration.string("role_arn"),
      definition: declaration.string("definition"),
    }),
  );
  return { id: stateMachineArn, arn: stateMachineArn };
};
