import * as patterns from "../facts/patterns.js";
import { ofFormat } from "./expectation.js";

/** What is expected of texts that several families of constructs take. */

export const ACCOUNT_ID = ofFormat(patterns.ACCOUNT_ID);
export const PARTITION = ofFormat(patterns.PARTITION);
export const REGION = ofFormat(patterns.REGION);
export const BUCKET_NAME = ofFormat(patterns.BUCKET_NAME);
export const KEY_ARN = ofFormat(patterns.KEY_ARN);
export const SECURITY_GROUP_ID = ofFormat(patterns.SECURITY_GROUP_ID);
