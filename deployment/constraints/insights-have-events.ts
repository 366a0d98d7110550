import { insightsHaveEvents as check } from "../../facts/checks/insights-have-events.js";
import { at, fromCheck } from "./from-check.js";

const CREATE = ["cloudTrail", "trail", "create"] as const;

/** Insights of a trail that this deployment creates. */
export const insightsHaveEvents = fromCheck(check, (deployment) => [
  {
    insights: [...(deployment.cloudTrail?.trail?.create?.insights ?? []).keys()].map((index) =>
      at(deployment, ...CREATE, "insights", index),
    ),
    managementEvents: at(deployment, ...CREATE, "events", "managementEvents"),
  },
]);
