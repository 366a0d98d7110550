import { CLOUDTRAIL_FOR_NOBODY, STRANGERS_TRAIL } from "./callers.js";
import { CONTEXT_KEY, GENERATE_KEY_FOR_OTHER_TOPIC, GENERATE_KEY_FOR_STRANGER } from "./log-requests.js";
import { type Row, table } from "./question-table.js";
import {
  cloudTrailFor,
  DECRYPT,
  DESCRIBE_KEY,
  GENERATE_KEY_FOR_LOGS,
  GENERATE_KEY_FOR_NOTIFICATION,
  PUBLISH,
  PUT_ACCOUNT_LOG,
  putLog,
  READ_ACL,
  VECTRA_AS_ROLE,
} from "./requests.js";
import type { ScenarioProps } from "./scenario.js";

/** As many accounts of an organization that has no trail of its own. */
function accounts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(500000000000 + index));
}

/** A trail of the same name in each account. */
function trailOfEach(accountIds: readonly string[]): ScenarioProps {
  return {
    organization: false,
    trailAccountIds: accountIds,
    trailArns: accountIds.map((account) => `arn:aws:cloudtrail:eu-west-1:${account}:trail/vectra-cdr`),
  };
}

const MANY = accounts(200);
const [FIRST_OF_MANY = ""] = MANY;
const LAST_OF_MANY = MANY.at(-1) ?? "";
table(
  "200 accounts have a trail each, so the short forms of the policies are used",
  trailOfEach(MANY),
  [FIRST_OF_MANY, LAST_OF_MANY]
    .flatMap((account): Row[] => {
      const trail = `arn:aws:cloudtrail:eu-west-1:${account}:trail/vectra-cdr`;
      const caller = cloudTrailFor(trail, `the trail of ${account}`);
      const encrypting = { ...GENERATE_KEY_FOR_LOGS, context: { [CONTEXT_KEY]: trail } };
      return [
        [caller, "may", READ_ACL],
        [caller, "may", putLog(`AWSLogs/${account}/CloudTrail/a.json.gz`, "its log file")],
        [caller, "may", encrypting],
        [caller, "may", DESCRIBE_KEY],
        [caller, "may", DECRYPT],
        [caller, "may", GENERATE_KEY_FOR_NOTIFICATION],
        [caller, "may", PUBLISH],
        [caller, "may not", putLog("elsewhere/a.json.gz", "an object outside of the log prefix")],
        [
          caller,
          "may not",
          putLog(`AWSLogs/${account}/a`, "a log file that everybody can read", {
            "s3:x-amz-acl": "public-read",
          }),
        ],
        [
          caller,
          "may not",
          {
            ...encrypting,
            name: "generate a data key in a context that is no trail's",
            context: { [CONTEXT_KEY]: "arn:aws:s3:::else" },
          },
        ],
      ];
    })
    .concat([
      [STRANGERS_TRAIL, "may not", READ_ACL],
      [STRANGERS_TRAIL, "may not", PUT_ACCOUNT_LOG],
      [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_STRANGER],
      [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_NOTIFICATION],
      [STRANGERS_TRAIL, "may not", DECRYPT],
      [STRANGERS_TRAIL, "may not", PUBLISH],
      [CLOUDTRAIL_FOR_NOBODY, "may", GENERATE_KEY_FOR_NOTIFICATION],
      [CLOUDTRAIL_FOR_NOBODY, "may not", GENERATE_KEY_FOR_LOGS],
      [CLOUDTRAIL_FOR_NOBODY, "may not", DESCRIBE_KEY],
      [CLOUDTRAIL_FOR_NOBODY, "may not", DECRYPT],
      [CLOUDTRAIL_FOR_NOBODY, "may not", READ_ACL],
      [CLOUDTRAIL_FOR_NOBODY, "may not", PUT_ACCOUNT_LOG],
      [VECTRA_AS_ROLE, "may", DECRYPT],
    ]),
);

const MOST = accounts(300);
const LAST_OF_MOST = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${MOST.at(-1)}:trail/vectra-cdr`,
  "the last of the trails",
);
table("300 accounts have a trail each, so the key leaves it to the topic who publishes", trailOfEach(MOST), [
  [LAST_OF_MOST, "may", DESCRIBE_KEY],
  [LAST_OF_MOST, "may", DECRYPT],
  [LAST_OF_MOST, "may", GENERATE_KEY_FOR_NOTIFICATION],
  [LAST_OF_MOST, "may", PUBLISH],
  [STRANGERS_TRAIL, "may", GENERATE_KEY_FOR_NOTIFICATION],
  [STRANGERS_TRAIL, "may not", PUBLISH],
  [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_OTHER_TOPIC],
  [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_STRANGER],
  [STRANGERS_TRAIL, "may not", DECRYPT],
  [CLOUDTRAIL_FOR_NOBODY, "may not", GENERATE_KEY_FOR_LOGS],
  [CLOUDTRAIL_FOR_NOBODY, "may not", DECRYPT],
]);
