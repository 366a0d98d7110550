import * as patterns from "../../facts/patterns.js";
import { FROM_VECTRA_UI } from "../../facts/sentences/formats.js";
import { ofFormat } from "../expectation.js";

export const ROLE_NAME = ofFormat(patterns.ROLE_NAME);
export const ROLE_PATH = ofFormat(patterns.ROLE_PATH);
export const ROLE_ARN = ofFormat(patterns.ROLE_ARN);
export const POLICY_ARN = ofFormat(patterns.POLICY_ARN);
export const PRINCIPAL_ARN = ofFormat(patterns.PRINCIPAL_ARN);

export const EXTERNAL_ID = ofFormat(patterns.EXTERNAL_ID);
export const VECTRA_EXTERNAL_ID = ofFormat(patterns.EXTERNAL_ID, FROM_VECTRA_UI);
