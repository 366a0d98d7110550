import { logTopicArn } from "../plan/names.js";
import type { Constraint } from "./constraint.js";

/** Vectra takes every message on that topic for a notification of log files, and the topic's key does not allow CloudWatch. */
export const alarmActionsOffTheLogTopic: Constraint = function* (deployment) {
  const logTopic = logTopicArn(deployment);
  for (const [index, arn] of (deployment.securityLake?.exporter?.alarmActions ?? []).entries()) {
    if (arn !== undefined && arn === logTopic) {
      yield {
        path: ["securityLake", "exporter", "alarmActions", index],
        problem: "must not be the topic that notifies Vectra of log files; its key does not allow CloudWatch",
        allowed: "another topic in the lake's region",
        remedy: "Create a topic for alarms and use it here.",
      };
    }
  }
};
