import type { Construct } from "constructs";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import { BUCKET_ARN, TRAIL_ARN } from "./expectations.js";
import type { NotificationPublisher } from "./log-access.js";

/** @throws PropError for an ARN or account that AWS would refuse. */
export function enforcePublisher(construct: Construct, publisher: NotificationPublisher): void {
  if ("trailArns" in publisher) {
    enforceEach(construct, "publisherTrailArns", publisher.trailArns, TRAIL_ARN);
    enforceSome(construct, "publisherTrailArns", publisher.trailArns, "Name the trails that may publish.");
    return;
  }
  enforce(construct, "bucketArn", publisher.bucketArn, BUCKET_ARN);
  enforce(construct, "bucketAccountId", publisher.bucketAccountId, ACCOUNT_ID);
}

/** A publisher's values by the names that errors have for them. */
export function publisherProps(publisher: NotificationPublisher): Record<string, string | readonly string[]> {
  return "trailArns" in publisher
    ? { publisherTrailArns: publisher.trailArns }
    : { bucketArn: publisher.bucketArn, bucketAccountId: publisher.bucketAccountId };
}
