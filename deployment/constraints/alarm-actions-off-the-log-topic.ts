import { logTopicArn } from "../plan/names.js";
import type { Constraint } from "./constraint.js";

/** Whatever is published there goes to Vectra as an announcement of log files, and its key keeps CloudWatch out. */
export const alarmActionsOffTheLogTopic: Constraint = function* (deployment) {
  const logTopic = logTopicArn(deployment);
  for (const [index, arn] of (deployment.securityLake?.exporter?.alarmActions ?? []).entries()) {
    if (arn !== undefined && arn === logTopic) {
      yield {
        path: ["securityLake", "exporter", "alarmActions", index],
        problem: `"${arn}" is the topic that announces log files to Vectra, and its key keeps CloudWatch out`,
        allowed: "any other topic in the region of the lake",
        remedy: "Create a topic for alarms, and name that one.",
      };
    }
  }
};
