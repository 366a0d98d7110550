import type { PolicyStatement } from "../iam/policy.js";

/** For the roles that send: Lambda's execution role, and the scheduler's role. */
export function sendDeadLetters(queueArn: string): PolicyStatement {
  return { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn };
}

/**
 * A sender to a queue that is encrypted with a customer key encrypts the message itself.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function encryptDeadLetters(kmsKeyArn: string): PolicyStatement {
  return {
    Sid: "EncryptDeadLetters",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: kmsKeyArn,
  };
}
