import { describe, expect, it } from "vitest";
import { parseDeployment } from "../../../deployment/load.js";
import { cloudTrailFile, existingFile, TOPIC } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";

/** Both halves; the action is on line 22. */
function withAlarmAction(cloudTrail: string, action: string): string {
  return `${cloudTrail}securityLake:
  bucketName: aws-security-data-lake-eu-west-1-abc123
  customSource:
    create: { externalId: 4f0c9a7e1d5b48c2 }
  exporter:
    tenants: [{ name: acme, url: https://123123123123.uw2.portal.vectra.ai }]
    alarmActions:
      - ${action}
`;
}

describe("GIVEN an alarm action that is the deployment's own log topic", () => {
  it.each([
    ["created", cloudTrailFile(), "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs"],
    [
      "created under a name of its own",
      cloudTrailFile({ topic: "{ create: { name: announcements } }" }),
      "arn:aws:sns:eu-west-1:222222222222:announcements",
    ],
    ["existing", existingFile(), TOPIC],
  ])("WHEN it is %s THEN it is refused at its line, with the way out", (_, cloudTrail, topic) => {
    expect(onlyDiagnosticOf(withAlarmAction(cloudTrail, topic))).toMatchObject({
      line: 22,
      column: 9,
      field: "securityLake.exporter.alarmActions[0]",
      problem: "must not be the topic that notifies Vectra of log files; its key does not allow CloudWatch",
      allowed: "another topic in the lake's region",
      remedy: "Create a topic for alarms and use it here.",
    });
  });

  it("WHEN it is another topic THEN it is accepted", () => {
    const text = withAlarmAction(cloudTrailFile(), "arn:aws:sns:eu-west-1:222222222222:alerts");

    expect(() => parseDeployment(text, "deployment.yaml")).not.toThrow();
  });
});
