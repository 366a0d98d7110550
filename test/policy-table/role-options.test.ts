import { VECTRA_ACCOUNT } from "./callers.js";
import {
  GET_CONFIGURATION,
  GET_DIGEST,
  GET_INSIGHT,
  GET_ORGANIZATION_LOG,
  GET_OUTSIDE,
  LIST_LOGS,
  LIST_OUTSIDE,
  LIST_ROLES,
  LOCATE,
} from "./log-requests.js";
import { table } from "./question-table.js";
import { ASSUME, GET_LOG, LIST_BUCKET, SUBSCRIBE, VECTRA_AS_ROLE, vectraWith } from "./requests.js";
import { EXTERNAL_ID, STRANGER, VECTRA } from "./scenario.js";

table(
  "Vectra reads digests and Insights events, too, and lists the logs alone",
  { role: { readDigests: true, readInsights: true, listLogsOnly: true } },
  [
    [VECTRA_AS_ROLE, "may", GET_LOG],
    [VECTRA_AS_ROLE, "may", GET_ORGANIZATION_LOG],
    [VECTRA_AS_ROLE, "may", GET_DIGEST],
    [VECTRA_AS_ROLE, "may", GET_INSIGHT],
    [VECTRA_AS_ROLE, "may not", GET_CONFIGURATION],
    [VECTRA_AS_ROLE, "may not", GET_OUTSIDE],
    [VECTRA_AS_ROLE, "may", LIST_LOGS],
    [VECTRA_AS_ROLE, "may not", LIST_OUTSIDE],
    [VECTRA_AS_ROLE, "may not", LIST_BUCKET],
    [VECTRA_AS_ROLE, "may", LOCATE],
  ],
);

const COLLECTOR = `arn:aws:iam::${VECTRA}:role/collector`;
table(
  "Trust is narrowed to one principal, and subscriptions to queues of Vectra",
  {
    role: { vectraPrincipalArn: COLLECTOR, iamContext: false },
    topicLimits: { protocols: ["sqs"], endpoints: [`arn:aws:sqs:*:${VECTRA}:*`] },
  },
  [
    [vectraWith(EXTERNAL_ID, "its External ID, from the collector"), "may", ASSUME],
    [vectraWith("wrong", "another External ID, from the collector"), "may not", ASSUME],
    [vectraWith(EXTERNAL_ID, "its External ID, from another role", "intern"), "may not", ASSUME],
    [VECTRA_AS_ROLE, "may not", LIST_ROLES],
    [VECTRA_AS_ROLE, "may", GET_LOG],
    [
      VECTRA_ACCOUNT,
      "may",
      {
        ...SUBSCRIBE,
        name: "subscribe its own queue",
        context: { "sns:Protocol": "sqs", "sns:Endpoint": `arn:aws:sqs:eu-west-1:${VECTRA}:logs` },
      },
    ],
    [
      VECTRA_ACCOUNT,
      "may not",
      {
        ...SUBSCRIBE,
        name: "subscribe somebody else's queue",
        context: { "sns:Protocol": "sqs", "sns:Endpoint": `arn:aws:sqs:eu-west-1:${STRANGER}:logs` },
      },
    ],
    [
      VECTRA_ACCOUNT,
      "may not",
      {
        ...SUBSCRIBE,
        name: "subscribe a web address",
        context: { "sns:Protocol": "https", "sns:Endpoint": `arn:aws:sqs:eu-west-1:${VECTRA}:logs` },
      },
    ],
  ],
);
