/** Protocols of SNS subscriptions. @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const SUBSCRIPTION_PROTOCOLS = [
  "sqs",
  "https",
  "http",
  "lambda",
  "firehose",
  "email",
  "email-json",
  "sms",
  "application",
] as const;
