import { SUBSCRIPTION_PROTOCOLS } from "../../facts/options/topic.js";
import * as patterns from "../../facts/patterns.js";
import { ofFormat, oneOf } from "../expectation.js";

export const TRAIL_NAME = ofFormat(patterns.TRAIL_NAME);
export const TRAIL_ARN = ofFormat(patterns.TRAIL_ARN);
export const TOPIC_NAME = ofFormat(patterns.TOPIC_NAME);
export const TOPIC_ARN = ofFormat(patterns.TOPIC_ARN);
export const ALIAS_NAME = ofFormat(patterns.ALIAS_NAME);
export const KEY_PREFIX = ofFormat(patterns.KEY_PREFIX);
export const ORGANIZATION_ID = ofFormat(patterns.ORGANIZATION_ID);
export const BUCKET_ARN = ofFormat(patterns.BUCKET_ARN);
export const LOG_GROUP_ARN = ofFormat(patterns.LOG_GROUP_ARN);
export const NOTIFICATION_ID = ofFormat(patterns.NOTIFICATION_ID);
export const SUBSCRIPTION_PROTOCOL = oneOf<string>(
  SUBSCRIPTION_PROTOCOLS,
  "Write it as SNS does, in lower case.",
);
