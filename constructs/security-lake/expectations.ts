import * as patterns from "../../facts/patterns.js";
import { LAKE_EVENT_CLASSES } from "../../facts/profiles.js";
import { ofFormat, oneOf } from "../expectation.js";

export const SOURCE_NAME = ofFormat(patterns.SOURCE_NAME);

export const EVENT_CLASS = oneOf<string>(
  LAKE_EVENT_CLASSES,
  "Use the class of the tenants' profile: SECURITY_FINDING or DETECTION_FINDING.",
);

/** Security Lake itself accepts two characters; a short one can be guessed, and it is all that guards the role. */
export const LAKE_EXTERNAL_ID = ofFormat(patterns.LAKE_EXTERNAL_ID);

export const LAKE_LOCATION = ofFormat(patterns.LAKE_LOCATION);
export const GLUE_NAME = ofFormat(patterns.GLUE_NAME);
export const SUBNET_ID = ofFormat(patterns.SUBNET_ID);
export const SECRET_ARN = ofFormat(patterns.SECRET_ARN);
export const TOPIC_ARN = ofFormat(patterns.TOPIC_ARN);
