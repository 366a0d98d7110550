import { regionOfArn } from "../../facts/arn.js";
import type { Constraint } from "./constraint.js";

/** CloudWatch notifies topics of its own region only, and the alarms are where the exporter is. */
export const alarmActionsInLakeRegion: Constraint = function* ({ region, securityLake }) {
  const lakeRegion = securityLake?.region ?? region;
  for (const [index, arn] of (securityLake?.exporter?.alarmActions ?? []).entries()) {
    const topicRegion = regionOfArn(arn);
    if (lakeRegion !== undefined && topicRegion !== undefined && topicRegion !== lakeRegion) {
      yield {
        path: ["securityLake", "exporter", "alarmActions", index],
        problem: `"${arn}" is a topic in ${topicRegion}, but the alarms are in ${lakeRegion}`,
        allowed: `SNS topics in ${lakeRegion}`,
        remedy: "Name a topic of that region; it may subscribe an address or function elsewhere.",
      };
    }
  }
};
