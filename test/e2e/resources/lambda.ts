import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type ApplicationLogLevel,
  type Architecture,
  CreateFunctionCommand,
  LambdaClient,
  type LogFormat,
  PutFunctionEventInvokeConfigCommand,
  type Runtime,
  type SystemLogLevel,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import type { Creator } from "./creator.js";

export const lambdaFunction: Creator = async (declaration, { client }) => {
  const lambda = new LambdaClient(client);
  const name = declaration.string("function_name");
  const zip = readFileSync(declaration.string("filename"));
  const hash = createHash("sha256").update(zip).digest("base64");
  if (declaration.string("source_code_hash") !== hash) {
    throw new Error(
      `source_code_hash of ${name} does not match its zip, so Terraform would not notice a new zip.`,
    );
  }
  const environment = declaration.optionalBlock("environment");
  const deadLetters = declaration.optionalBlock("dead_letter_config");
  const logging = declaration.optionalBlock("logging_config");
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Description: declaration.optionalString("description"),
      Role: declaration.string("role"),
      Code: { ZipFile: zip },
      Runtime: declaration.string("runtime") as Runtime,
      Handler: declaration.string("handler"),
      Architectures: declaration.optionalStrings("architectures") as Architecture[] | undefined,
      MemorySize: declaration.optionalNumber("memory_size"),
      Timeout: declaration.optionalNumber("timeout"),
      ...(environment && { Environment: { Variables: environment.optionalStringMap("variables") } }),
      ...(deadLetters && { DeadLetterConfig: { TargetArn: deadLetters.string("target_arn") } }),
      ...(logging && {
        LoggingConfig: {
          LogGroup: logging.optionalString("log_group"),
          LogFormat: logging.optionalString("log_format") as LogFormat | undefined,
          ApplicationLogLevel: logging.optionalString("application_log_level") as
            | ApplicationLogLevel
            | undefined,
          SystemLogLevel: logging.optionalString("system_log_level") as SystemLogLevel | undefined,
        },
      }),
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: name });
  return { id: name, arn: FunctionArn };
};

export const eventInvokeConfig: Creator = async (declaration, { client }) => {
  const name = declaration.string("function_name");
  await new LambdaClient(client).send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: name,
      MaximumRetryAttempts: declaration.optionalNumber("maximum_retry_attempts"),
      MaximumEventAgeInSeconds: declaration.optionalNumber("maximum_event_age_in_seconds"),
    }),
  );
  return { id: name };
};
