import { MEMBER_ROLE, NOTHING, STRANGER_ROLE, VECTRA_ACCOUNT } from "./callers.js";
import {
  DELETE_BUCKET,
  DELETE_LOG,
  DISABLE_KEY,
  GET_ORGANIZATION_LOG,
  GET_OUTSIDE,
  LOCATE,
  PUT_BY_ROLE,
  PUT_POLICY,
  UNSUBSCRIBE_OTHERS,
} from "./log-requests.js";
import { table } from "./question-table.js";
import {
  ASSUME,
  type Caller,
  DECRYPT,
  DESCRIBE_KEY,
  GENERATE_KEY_FOR_NOTIFICATION,
  GET_LOG,
  LIST_BUCKET,
  PUBLISH,
  type Request,
  roleOf,
  SUBSCRIBE,
  VECTRA_AS_ROLE,
} from "./requests.js";
import { SIEM, SIEM_ROLE, STRANGER } from "./scenario.js";

const SIEM_ANYTHING: Caller = {
  name: "The SIEM's role, which its own account lets do anything,",
  principal: `arn:aws:sts::${SIEM}:assumed-role/siem/session`,
  context: { "aws:PrincipalArn": SIEM_ROLE },
};
const SIEM_AS_PRINTED: Caller = {
  ...SIEM_ANYTHING,
  name: "The SIEM's role, with the statements that are printed for it,",
  identity: ({ siem }) => siem,
};
const SIEM_WITHOUT: Caller = {
  ...SIEM_ANYTHING,
  name: "The SIEM's role, without a policy of its own,",
  identity: () => NOTHING,
};
const INTERN_OF_SIEM = roleOf(SIEM, "Another role of the SIEM's account", "intern");
const subscription = (protocol: string, endpoint: string, name: string): Request => ({
  ...SUBSCRIBE,
  name: `subscribe ${name}`,
  context: { "sns:Protocol": protocol, "sns:Endpoint": endpoint },
});
const ITS_QUEUE = subscription("sqs", `arn:aws:sqs:eu-west-1:${SIEM}:logs`, "its queue");
for (const origin of ["new", "existing"] as const) {
  table(
    `A SIEM reads and subscribes beside Vectra: bucket, key and topic ${origin}`,
    { siem: true, origins: { trail: "new", bucket: origin, key: origin, topic: origin }, existing: "print" },
    [
      // The SIEM's role reads logs and nothing else
      [SIEM_AS_PRINTED, "may", GET_LOG],
      [SIEM_AS_PRINTED, "may", GET_ORGANIZATION_LOG],
      [SIEM_AS_PRINTED, "may", LIST_BUCKET],
      [SIEM_AS_PRINTED, "may", LOCATE],
      [SIEM_AS_PRINTED, "may", DECRYPT],
      [SIEM_AS_PRINTED, "may", ITS_QUEUE],
      [SIEM_ANYTHING, "may not", GET_OUTSIDE],
      [SIEM_ANYTHING, "may not", PUT_BY_ROLE],
      [SIEM_ANYTHING, "may not", DELETE_LOG],
      [SIEM_ANYTHING, "may not", DELETE_BUCKET],
      [SIEM_ANYTHING, "may not", PUT_POLICY],
      [SIEM_ANYTHING, "may not", DISABLE_KEY],
      [SIEM_ANYTHING, "may not", GENERATE_KEY_FOR_NOTIFICATION],
      [SIEM_ANYTHING, "may not", DESCRIBE_KEY],
      [SIEM_ANYTHING, "may not", PUBLISH],
      [SIEM_ANYTHING, "may not", UNSUBSCRIBE_OTHERS],
      [SIEM_ANYTHING, "may not", ASSUME],
      [SIEM_WITHOUT, "may not", GET_LOG],
      // Nobody else subscribes
      [
        SIEM_ANYTHING,
        "may not",
        subscription("https", `arn:aws:sqs:eu-west-1:${SIEM}:logs`, "a web address"),
      ],
      [
        SIEM_ANYTHING,
        "may not",
        subscription("sqs", `arn:aws:sqs:eu-west-1:${STRANGER}:logs`, "a stranger's"),
      ],
      [INTERN_OF_SIEM, "may not", ITS_QUEUE],
      [INTERN_OF_SIEM, "may not", GET_LOG],
      [INTERN_OF_SIEM, "may not", LIST_BUCKET],
      [INTERN_OF_SIEM, "may not", DECRYPT],
      [STRANGER_ROLE, "may not", ITS_QUEUE],
      [STRANGER_ROLE, "may not", GET_LOG],
      [MEMBER_ROLE, "may not", ITS_QUEUE],
      // Vectra as before
      [VECTRA_ACCOUNT, "may", SUBSCRIBE],
      [VECTRA_AS_ROLE, "may", GET_LOG],
      [VECTRA_AS_ROLE, "may", DECRYPT],
    ],
  );
}
