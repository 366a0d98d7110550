import { BACKUP, NOTHING, STRANGER_ROLE, STRANGERS_TRAIL, VECTRA_ACCOUNT } from "./callers.js";
import { GENERATE_KEY_FOR_OTHER_TOPIC } from "./log-requests.js";
import { type Row, table } from "./question-table.js";
import {
  ASSUME,
  DECRYPT,
  GENERATE_KEY_FOR_LOGS,
  GENERATE_KEY_FOR_NOTIFICATION,
  GET_LOG,
  PUBLISH,
  PUT_ACCOUNT_LOG,
  PUT_ORGANIZATION_LOG,
  SUBSCRIBE,
  THIS_TRAIL,
  VECTRA_AS_ROLE,
  VECTRA_ITSELF,
} from "./requests.js";
import { EVERY_COMBINATION } from "./scenario.js";

for (const origins of EVERY_COMBINATION) {
  for (const existing of ["own", "print"] as const) {
    const parts = Object.entries(origins).map(([part, origin]) => `${part} ${origin}`);
    if (existing === "print" && !parts.some((part) => /^(bucket|key|topic) existing$/.test(part))) {
      continue;
    }
    const rows: Row[] = [
      [THIS_TRAIL, "may", PUT_ACCOUNT_LOG],
      [THIS_TRAIL, "may", PUT_ORGANIZATION_LOG],
      [THIS_TRAIL, "may", GENERATE_KEY_FOR_LOGS],
      [THIS_TRAIL, "may", GENERATE_KEY_FOR_NOTIFICATION],
      [THIS_TRAIL, "may", PUBLISH],
      [THIS_TRAIL, "may not", GENERATE_KEY_FOR_OTHER_TOPIC],
      [STRANGERS_TRAIL, "may not", PUT_ACCOUNT_LOG],
      [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_LOGS],
      [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_NOTIFICATION],
      [STRANGERS_TRAIL, "may not", PUBLISH],
      [VECTRA_ITSELF, "may", ASSUME],
      [VECTRA_AS_ROLE, "may", GET_LOG],
      [VECTRA_AS_ROLE, "may", DECRYPT],
      [VECTRA_ACCOUNT, "may", SUBSCRIBE],
      [STRANGER_ROLE, "may not", GET_LOG],
      [STRANGER_ROLE, "may not", SUBSCRIBE],
    ];
    if (origins.bucket === "existing") {
      // The backup's own account gives it nothing here: what it may comes from the owner's statement.
      rows.push([{ ...BACKUP, identity: () => NOTHING }, "may", GET_LOG]);
    }
    if (origins.topic === "existing") {
      rows.push([{ ...BACKUP, identity: () => NOTHING }, "may", PUBLISH]);
    }
    table(
      `${parts.join(", ")} (${existing === "own" ? "policies owned" : "policies printed"})`,
      {
        origins,
        existing,
      },
      rows,
    );
  }
}
