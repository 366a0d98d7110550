import { alarmTopicRegion as check } from "../../facts/checks/alarm-topic-region.js";
import { at, fromCheck } from "./from-check.js";
import { lakeRegion } from "./places.js";

/** The topics that the exporter's alarms notify. */
export const alarmTopicRegion = fromCheck(check, (deployment) => [
  {
    topicArns: [...(deployment.securityLake?.exporter?.alarmActions ?? []).keys()].map((index) =>
      at(deployment, "securityLake", "exporter", "alarmActions", index),
    ),
    region: lakeRegion(deployment),
  },
]);
