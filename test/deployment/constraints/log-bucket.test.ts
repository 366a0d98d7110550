import { describe } from "vitest";
import { cloudTrailFile, existingFile } from "../cloudtrail-deployment.js";
import { refuses } from "./refuses.js";

describe("GIVEN a new bucket THEN settings that contradict each other are refused", () => {
  refuses([
    {
      what: "a lock that nobody can lift on a bucket that may be destroyed",
      text: `${cloudTrailFile({ logBucket: "{ create: { objectLock: { mode: COMPLIANCE, days: 30 } } }" })}retain: false\n`,
      line: 9,
      column: 46,
      field: "cloudTrail.logBucket.create.objectLock.mode",
      problem:
        "no one can delete logs locked in COMPLIANCE mode, but retain: false requires that they can be destroyed",
      remedy: "Choose GOVERNANCE, or remove retain: false.",
    },
    {
      what: "a lock that outlasts the log files",
      text: cloudTrailFile({ logBucket: "{ create: { objectLock: { mode: GOVERNANCE, days: 400 } } }" }),
      line: 9,
      column: 64,
      field: "cloudTrail.logBucket.create.objectLock.days",
      problem: "logs would be locked (400 days) for longer than they are kept (365 days)",
      remedy: "Lower objectLock.days or raise expireAfterDays.",
    },
    {
      what: "access logs into the log bucket itself",
      text: cloudTrailFile({
        logBucket: "{ create: { name: our-logs, accessLogs: { bucketName: our-logs } } }",
      }),
      line: 9,
      column: 68,
      field: "cloudTrail.logBucket.create.accessLogs.bucketName",
      problem: "must not be the log bucket itself, where every access log would cause another",
      remedy: "Use another bucket for access logs, or omit them.",
    },
    {
      what: "data events of an existing log bucket",
      text: existingFile({
        trail: "{ create: { events: { s3DataEvents: { only: [{ bucketName: our-logs }] } } } }",
      }),
      line: 8,
      column: 69,
      field: "cloudTrail.trail.create.events.s3DataEvents.only[0].bucketName",
      problem: "must not be the log bucket itself, where every delivery would cause another event",
      remedy: "Remove it from the list.",
    },
    {
      what: "more buckets than a trail has conditions",
      text: cloudTrailFile({
        trail: `{ create: { events: { s3DataEvents: { only: [${Array.from({ length: 497 }, (_, index) => `{ bucketName: bucket-${index} }`).join(", ")}] } } } }`,
      }),
      line: 8,
      column: 48,
      field: "cloudTrail.trail.create.events.s3DataEvents.only",
      problem: "has 497 entries",
      allowed: "a list of at most 496 buckets",
      remedy: "Name fewer buckets, those whose content matters.",
    },
  ]);
});
