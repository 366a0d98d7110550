import { type Caller, cloudTrailFor, roleOf, s3For } from "./requests.js";
import { BUCKET, LOG_ARCHIVE, MANAGEMENT, MEMBER, STRANGER, VECTRA } from "./scenario.js";

/** An identity that allows its holder nothing that the tables ask for. */
export const NOTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
};

export const STRANGERS_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${STRANGER}:trail/vectra-cdr`,
  "a stranger's trail of the same name",
);
export const OTHER_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${MANAGEMENT}:trail/other`,
  "another trail of the management account",
);
export const MEMBERS_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${MEMBER}:trail/vectra-cdr`,
  "a member's trail",
);
export const TRAIL_ELSEWHERE = cloudTrailFor(
  `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/vectra-cdr`,
  "a trail of the same name in another region",
);
export const CLOUDTRAIL_FOR_NOBODY: Caller = {
  name: "CloudTrail without saying for which trail",
  principal: "cloudtrail.amazonaws.com",
};
export const CONFIG: Caller = {
  name: "AWS Config",
  principal: "config.amazonaws.com",
  context: { "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${MANAGEMENT}:trail/vectra-cdr` },
};
export const S3_FOR_THIS_BUCKET = s3For(BUCKET, LOG_ARCHIVE, "this bucket");
export const MEMBER_ROLE = roleOf(MEMBER, "A member account");
export const STRANGER_ROLE = roleOf(STRANGER, "A stranger's account");
export const VECTRA_ACCOUNT = roleOf(VECTRA, "Vectra's account");
export const BACKUP = roleOf(LOG_ARCHIVE, "The owner's backup", "backup");
