import { beforeAll, describe, expect, it } from "vitest";
import { isAllowed } from "./evaluator.js";
import {
  ASSUME,
  type Caller,
  cloudTrailFor,
  DECRYPT,
  DECRYPT_NOTIFICATION,
  DESCRIBE_KEY,
  GENERATE_KEY_FOR_LOGS,
  GENERATE_KEY_FOR_NOTIFICATION,
  GET_LOG,
  LIST_BUCKET,
  PUBLISH,
  PUT_ACCOUNT_LOG,
  PUT_ORGANIZATION_LOG,
  putLog,
  question,
  READ_ACL,
  type Request,
  roleOf,
  SUBSCRIBE,
  s3For,
  THIS_TRAIL,
  VECTRA_AS_ROLE,
  VECTRA_ITSELF,
  vectraWith,
} from "./requests.js";
import {
  BUCKET,
  type Documents,
  documentsOf,
  EVERY_COMBINATION,
  EXTERNAL_ID,
  LOG_ARCHIVE,
  MANAGEMENT,
  MEMBER,
  ORGANIZATION,
  type ScenarioProps,
  SIEM,
  SIEM_ROLE,
  STRANGER,
  VECTRA,
} from "./scenario.js";

const CONTEXT_KEY = "kms:EncryptionContext:aws:cloudtrail:arn";
const TOPIC_CONTEXT_KEY = "kms:EncryptionContext:aws:sns:topicArn";
const NOTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
};

type Row = [Caller, "may" | "may not", Request];

/** One test per row, with the row as its name. */
function table(situation: string, props: ScenarioProps, rows: readonly Row[]): void {
  describe(situation, () => {
    let documents: Documents;
    beforeAll(() => {
      documents = documentsOf(props);
    });
    it.each(rows.map((row) => [`${row[0].name} ${row[1]} ${row[2].name}`, ...row] as const))(
      "%s",
      async (_, caller, expected, request) => {
        expect(await isAllowed(question(documents, caller, request))).toBe(expected === "may");
      },
    );
  });
}

const STRANGERS_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${STRANGER}:trail/vectra-cdr`,
  "a stranger's trail of the same name",
);
const OTHER_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${MANAGEMENT}:trail/other`,
  "another trail of the management account",
);
const MEMBERS_TRAIL = cloudTrailFor(
  `arn:aws:cloudtrail:eu-west-1:${MEMBER}:trail/vectra-cdr`,
  "a member's trail",
);
const TRAIL_ELSEWHERE = cloudTrailFor(
  `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/vectra-cdr`,
  "a trail of the same name in another region",
);
const CLOUDTRAIL_FOR_NOBODY: Caller = {
  name: "CloudTrail without saying for which trail",
  principal: "cloudtrail.amazonaws.com",
};
const CONFIG: Caller = {
  name: "AWS Config",
  principal: "config.amazonaws.com",
  context: { "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${MANAGEMENT}:trail/vectra-cdr` },
};
const S3_FOR_THIS_BUCKET = s3For(BUCKET, LOG_ARCHIVE, "this bucket");
const MEMBER_ROLE = roleOf(MEMBER, "A member account");
const STRANGER_ROLE = roleOf(STRANGER, "A stranger's account");
const VECTRA_ACCOUNT = roleOf(VECTRA, "Vectra's account");
const BACKUP = roleOf(LOG_ARCHIVE, "The owner's backup", "backup");

const GET_LOG_PLAIN: Request = {
  ...GET_LOG,
  name: "get a log file without TLS",
  context: { "aws:SecureTransport": "false" },
};
const SUBSCRIBE_PLAIN: Request = {
  ...SUBSCRIBE,
  name: "subscribe without TLS",
  context: { "aws:SecureTransport": "false" },
};
const PUBLISH_PLAIN: Request = {
  ...PUBLISH,
  name: "publish without TLS",
  context: { "aws:SecureTransport": "false" },
};
const PUT_LOG_PLAIN: Request = {
  ...PUT_ACCOUNT_LOG,
  name: "put a log file without TLS",
  context: { ...PUT_ACCOUNT_LOG.context, "aws:SecureTransport": "false" },
};
const DELETE_LOG: Request = { ...GET_LOG, name: "delete a log file", action: "s3:DeleteObject" };
const DELETE_BUCKET: Request = { ...LIST_BUCKET, name: "delete the bucket", action: "s3:DeleteBucket" };
const PUT_POLICY: Request = {
  ...LIST_BUCKET,
  name: "change the bucket's policy",
  action: "s3:PutBucketPolicy",
};
const LOCATE: Request = { ...LIST_BUCKET, name: "locate the bucket", action: "s3:GetBucketLocation" };
const GET_OUTSIDE: Request = {
  ...GET_LOG,
  name: "get an object outside of the log prefix",
  resource: `${BUCKET}/billing/2026.csv`,
};
const GET_ORGANIZATION_LOG: Request = {
  ...GET_LOG,
  name: "get a log file of a member account",
  resource: `${BUCKET}/AWSLogs/${ORGANIZATION}/${MEMBER}/CloudTrail/eu-west-1/2026/01/31/a.json.gz`,
};
const GET_DIGEST: Request = {
  ...GET_LOG,
  name: "get a digest file",
  resource: `${BUCKET}/AWSLogs/${MANAGEMENT}/CloudTrail-Digest/eu-west-1/2026/01/31/a.json.gz`,
};
const GET_INSIGHT: Request = {
  ...GET_LOG,
  name: "get an Insights event",
  resource: `${BUCKET}/AWSLogs/${ORGANIZATION}/${MEMBER}/CloudTrail-Insight/eu-west-1/2026/01/31/a.json.gz`,
};
const GET_CONFIGURATION: Request = {
  ...GET_LOG,
  name: "get what AWS Config has written beside the logs",
  resource: `${BUCKET}/AWSLogs/${MANAGEMENT}/Config/eu-west-1/2026/1/31/a.json.gz`,
};
const LIST_LOGS: Request = {
  ...LIST_BUCKET,
  name: "list below the log prefix",
  context: { "s3:prefix": `AWSLogs/${ORGANIZATION}/` },
};
const LIST_OUTSIDE: Request = {
  ...LIST_BUCKET,
  name: "list outside of the log prefix",
  context: { "s3:prefix": "billing/" },
};
const GET_ELSEWHERE: Request = {
  ...GET_LOG,
  name: "get an object of another bucket",
  resource: "arn:aws:s3:::crown-jewels/secret",
};
const PUT_BY_ROLE: Request = {
  ...putLog(`AWSLogs/${MANAGEMENT}/CloudTrail/forged.json.gz`, "a forged log file"),
};
const DECRYPT_ELSEWHERE: Request = {
  ...DECRYPT,
  name: "decrypt with another key",
  resource: `arn:aws:kms:eu-west-1:${LOG_ARCHIVE}:key/99999999-2222-3333-4444-555555555555`,
};
const DISABLE_KEY: Request = { ...DECRYPT, name: "disable the log key", action: "kms:DisableKey" };
const LIST_ROLES: Request = {
  name: "list roles",
  action: "iam:ListRoles",
  resource: "*",
  policy: undefined,
};
const ASSUME_TAGGED: Request = { ...ASSUME, name: "tag a session of the role", action: "sts:TagSession" };
const UNSUBSCRIBE_OTHERS: Request = {
  ...SUBSCRIBE,
  name: "change the topic's policy",
  action: "sns:SetTopicAttributes",
};
const GENERATE_KEY_FOR_STRANGER: Request = {
  ...GENERATE_KEY_FOR_LOGS,
  name: "generate a data key for a stranger's log file",
  context: {
    "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:eu-west-1:${STRANGER}:trail/vectra-cdr`,
  },
};

const GENERATE_KEY_FOR_OTHER_TOPIC: Request = {
  ...GENERATE_KEY_FOR_NOTIFICATION,
  name: "generate a data key for a notification of another topic",
  context: { [TOPIC_CONTEXT_KEY]: `arn:aws:sns:eu-west-1:${LOG_ARCHIVE}:alarms` },
};
const GENERATE_KEY_FOR_ANYTHING: Request = {
  ...GENERATE_KEY_FOR_NOTIFICATION,
  name: "generate a data key for whatever it likes",
  context: {},
};

table("Everything is new, an organization trail announces", {}, [
  // CloudTrail and the bucket
  [THIS_TRAIL, "may", READ_ACL],
  [THIS_TRAIL, "may", PUT_ACCOUNT_LOG],
  [THIS_TRAIL, "may", PUT_ORGANIZATION_LOG],
  [
    THIS_TRAIL,
    "may not",
    putLog("AWSLogs/o-zzzzzzzzzz/1/CloudTrail/a", "a log file of another organization"),
  ],
  [THIS_TRAIL, "may not", putLog(`AWSLogs/${STRANGER}/CloudTrail/a`, "a log file of another account")],
  [THIS_TRAIL, "may not", putLog("somewhere/else", "an object outside of the log prefix")],
  [
    THIS_TRAIL,
    "may not",
    putLog(`AWSLogs/${MANAGEMENT}/a`, "an account's log file that everybody can read", {
      "s3:x-amz-acl": "public-read",
    }),
  ],
  [
    THIS_TRAIL,
    "may not",
    putLog(`AWSLogs/${ORGANIZATION}/a`, "an organization's log file that everybody can read", {
      "s3:x-amz-acl": "public-read",
    }),
  ],
  [THIS_TRAIL, "may not", PUT_LOG_PLAIN],
  [THIS_TRAIL, "may not", GET_LOG],
  [STRANGERS_TRAIL, "may not", READ_ACL],
  [STRANGERS_TRAIL, "may not", PUT_ACCOUNT_LOG],
  [STRANGERS_TRAIL, "may not", PUT_ORGANIZATION_LOG],
  [OTHER_TRAIL, "may not", PUT_ACCOUNT_LOG],
  [TRAIL_ELSEWHERE, "may not", PUT_ACCOUNT_LOG],
  [MEMBERS_TRAIL, "may not", PUT_ORGANIZATION_LOG],
  [CLOUDTRAIL_FOR_NOBODY, "may not", READ_ACL],
  [CLOUDTRAIL_FOR_NOBODY, "may not", PUT_ACCOUNT_LOG],
  [CONFIG, "may not", PUT_ACCOUNT_LOG],
  // CloudTrail and the key
  [THIS_TRAIL, "may", GENERATE_KEY_FOR_LOGS],
  [THIS_TRAIL, "may", DESCRIBE_KEY],
  [THIS_TRAIL, "may", DECRYPT],
  [THIS_TRAIL, "may", GENERATE_KEY_FOR_NOTIFICATION],
  [THIS_TRAIL, "may", DECRYPT_NOTIFICATION],
  [THIS_TRAIL, "may not", GENERATE_KEY_FOR_OTHER_TOPIC],
  [THIS_TRAIL, "may not", GENERATE_KEY_FOR_ANYTHING],
  [THIS_TRAIL, "may not", DISABLE_KEY],
  [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_STRANGER],
  [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_LOGS],
  [STRANGERS_TRAIL, "may not", GENERATE_KEY_FOR_NOTIFICATION],
  [STRANGERS_TRAIL, "may not", DESCRIBE_KEY],
  [STRANGERS_TRAIL, "may not", DECRYPT],
  [CLOUDTRAIL_FOR_NOBODY, "may", GENERATE_KEY_FOR_NOTIFICATION],
  [CLOUDTRAIL_FOR_NOBODY, "may", DECRYPT_NOTIFICATION],
  [CLOUDTRAIL_FOR_NOBODY, "may not", GENERATE_KEY_FOR_OTHER_TOPIC],
  [CLOUDTRAIL_FOR_NOBODY, "may not", GENERATE_KEY_FOR_LOGS],
  [CLOUDTRAIL_FOR_NOBODY, "may not", DESCRIBE_KEY],
  [CLOUDTRAIL_FOR_NOBODY, "may not", DECRYPT],
  // CloudTrail and the topic
  [THIS_TRAIL, "may", PUBLISH],
  [THIS_TRAIL, "may not", PUBLISH_PLAIN],
  [THIS_TRAIL, "may not", SUBSCRIBE],
  [STRANGERS_TRAIL, "may not", PUBLISH],
  [OTHER_TRAIL, "may not", PUBLISH],
  [CLOUDTRAIL_FOR_NOBODY, "may not", PUBLISH],
  [S3_FOR_THIS_BUCKET, "may not", PUBLISH],
  // Vectra before it has the role
  [VECTRA_ITSELF, "may", ASSUME],
  [vectraWith("another-connection", "another External ID"), "may not", ASSUME],
  [vectraWith(`${EXTERNAL_ID} `, "its External ID and a blank"), "may not", ASSUME],
  [vectraWith(EXTERNAL_ID.toUpperCase(), "its External ID in capitals"), "may not", ASSUME],
  [vectraWith(undefined, "no External ID"), "may not", ASSUME],
  [vectraWith(undefined, "no External ID"), "may not", ASSUME_TAGGED],
  [VECTRA_ACCOUNT, "may", SUBSCRIBE],
  [VECTRA_ACCOUNT, "may not", SUBSCRIBE_PLAIN],
  [VECTRA_ACCOUNT, "may not", PUBLISH],
  [VECTRA_ACCOUNT, "may not", UNSUBSCRIBE_OTHERS],
  [VECTRA_ACCOUNT, "may not", GET_LOG],
  [VECTRA_ACCOUNT, "may not", LIST_BUCKET],
  [VECTRA_ACCOUNT, "may not", DECRYPT],
  // Vectra in its role
  [VECTRA_AS_ROLE, "may", GET_LOG],
  [VECTRA_AS_ROLE, "may", GET_ORGANIZATION_LOG],
  [VECTRA_AS_ROLE, "may not", GET_DIGEST],
  [VECTRA_AS_ROLE, "may not", GET_INSIGHT],
  [VECTRA_AS_ROLE, "may not", GET_CONFIGURATION],
  [VECTRA_AS_ROLE, "may", LIST_BUCKET],
  [VECTRA_AS_ROLE, "may", LOCATE],
  [VECTRA_AS_ROLE, "may", DECRYPT],
  [VECTRA_AS_ROLE, "may", LIST_ROLES],
  [VECTRA_AS_ROLE, "may not", GET_LOG_PLAIN],
  [VECTRA_AS_ROLE, "may not", GET_OUTSIDE],
  [VECTRA_AS_ROLE, "may not", GET_ELSEWHERE],
  [VECTRA_AS_ROLE, "may not", PUT_BY_ROLE],
  [VECTRA_AS_ROLE, "may not", DELETE_LOG],
  [VECTRA_AS_ROLE, "may not", DELETE_BUCKET],
  [VECTRA_AS_ROLE, "may not", PUT_POLICY],
  [VECTRA_AS_ROLE, "may not", DECRYPT_ELSEWHERE],
  [VECTRA_AS_ROLE, "may not", GENERATE_KEY_FOR_NOTIFICATION],
  [VECTRA_AS_ROLE, "may not", PUBLISH],
  // Others
  [roleOf(STRANGER, "A stranger's account"), "may not", ASSUME],
  [
    {
      ...STRANGER_ROLE,
      name: "A stranger who knows the External ID",
      context: { "sts:ExternalId": EXTERNAL_ID },
    },
    "may not",
    ASSUME,
  ],
  [STRANGER_ROLE, "may not", SUBSCRIBE],
  [STRANGER_ROLE, "may not", PUBLISH],
  [STRANGER_ROLE, "may not", GET_LOG],
  [STRANGER_ROLE, "may not", PUT_BY_ROLE],
  [STRANGER_ROLE, "may not", DECRYPT],
  [MEMBER_ROLE, "may not", GET_LOG],
  [MEMBER_ROLE, "may not", PUT_BY_ROLE],
  [MEMBER_ROLE, "may not", DELETE_LOG],
  [MEMBER_ROLE, "may not", DECRYPT],
  [MEMBER_ROLE, "may not", SUBSCRIBE],
  [MEMBER_ROLE, "may not", ASSUME],
]);

table("The bucket announces", { publisher: "bucket" }, [
  [S3_FOR_THIS_BUCKET, "may", PUBLISH],
  [S3_FOR_THIS_BUCKET, "may", GENERATE_KEY_FOR_NOTIFICATION],
  [S3_FOR_THIS_BUCKET, "may", DECRYPT_NOTIFICATION],
  [S3_FOR_THIS_BUCKET, "may not", GENERATE_KEY_FOR_OTHER_TOPIC],
  [S3_FOR_THIS_BUCKET, "may not", GENERATE_KEY_FOR_LOGS],
  [S3_FOR_THIS_BUCKET, "may not", DECRYPT],
  [s3For("arn:aws:s3:::other-logs", LOG_ARCHIVE, "another bucket of the account"), "may not", PUBLISH],
  [
    s3For("arn:aws:s3:::other-logs", LOG_ARCHIVE, "another bucket of the account"),
    "may not",
    GENERATE_KEY_FOR_NOTIFICATION,
  ],
  [s3For(BUCKET, STRANGER, "a stranger's bucket that took the name"), "may not", PUBLISH],
  [
    s3For(BUCKET, STRANGER, "a stranger's bucket that took the name"),
    "may not",
    GENERATE_KEY_FOR_NOTIFICATION,
  ],
  [S3_FOR_THIS_BUCKET, "may not", SUBSCRIBE],
  [THIS_TRAIL, "may not", PUBLISH],
  [THIS_TRAIL, "may not", GENERATE_KEY_FOR_NOTIFICATION],
]);

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
