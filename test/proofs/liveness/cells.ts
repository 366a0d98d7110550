import type { AwsFault } from "../../../simulator/aws/stand-ins.js";
import type { FaultRequest } from "../../../simulator/faults.js";
import { LAKE, SECRET_ARN, TABLE } from "./container.js";

/** What a run depends on. */
export const DEPENDENCIES = [
  "token",
  "events",
  "account",
  "sts",
  "s3",
  "dynamodb",
  "secretsmanager",
] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

/** What is wrong with it, for an hour. */
export const FAULTS = ["hangs", "500", "429", "slow", "garbage"] as const;
export type Fault = (typeof FAULTS)[number];

/** The alarms of a tenant and of its function, by the middle of their names. */
export type Alarm = "errors" | "no-successful-run" | "lag" | "quarantine" | "authentication" | "throttling";

/** What must happen in the hour, in which twelve runs begin. */
export interface Expectation {
  /** The first run that fails, from 1; so do all after it. @default - none: the events keep arriving */
  readonly failsFrom?: number;
  /** What each of these says. */
  readonly error?: (tenantUrl: string) => string | RegExp;
  /** How long each of these takes at most, in seconds; the function's time limit is 240. */
  readonly withinSeconds?: number;
  /** The metric that each of these has besides lag and duration. */
  readonly failureMetric?: "Throttled";
  /** How long a run takes at least in which the slow dependency is asked, in seconds. */
  readonly takesSeconds?: number;
  /** Whether the accounts of each run's events could not be looked up. */
  readonly withoutAccounts?: true;
  /** The alarms that go off in the hour; those that do must be over when the exporter has caught up. */
  readonly alarms: readonly Alarm[];
}

const LATE: readonly Alarm[] = ["errors", "no-successful-run", "lag"];
const LATE_AND_THROTTLED: readonly Alarm[] = [...LATE, "throttling"];
const NONE: readonly Alarm[] = [];

/** Nothing is asked of it before the token of half an hour is renewed, which is due in the sixth run. */
const TOKEN_RENEWAL = 6;
/** The stand-in's session of a quarter of an hour is renewed by the SDK five minutes before its end: in the third run. */
const SESSION_RENEWAL = 3;

const timedOut = (request: string) => `${request} failed: The operation was aborted due to timeout`;
const NO_ANSWER =
  "TimeoutError: @smithy/node-http-handler - [ERROR] a request has exceeded the configured 20000 ms requestTimeout.";

const token = (url: string) => `POST ${url}/oauth2/token`;
const events = (url: string) => `GET ${url}/api/v3.4/events/entity_scoring`;
const OBJECT = `s3://${LAKE.bucket}/${LAKE.prefix}region=eu-west-1/accountId=333333333333/eventDay=20260320/`;

/** Writing which object failed, and why. */
function writing(reason: string): RegExp {
  return new RegExp(
    `^Writing ${literal(OBJECT)}vectra-[a-z0-9-]+-v3\\.4-\\d+-\\d+\\.zstd\\.parquet failed: ${literal(reason)}$`,
  );
}

/** The first call of a run, whichever it is, failed for a reason. */
function callingTheTable(reason: string): RegExp {
  return new RegExp(`^(UpdateItem|BatchGetItem) of DynamoDB table ${TABLE} failed: ${literal(reason)}$`);
}

/** A pattern of a text as it is. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The matrix: what each fault of each dependency does. */
export const EXPECTED: Readonly<Record<Dependency, Readonly<Record<Fault, Expectation>>>> = {
  token: {
    hangs: {
      failsFrom: TOKEN_RENEWAL,
      error: (url) => timedOut(token(url)),
      withinSeconds: 215,
      alarms: LATE,
    },
    "500": {
      failsFrom: TOKEN_RENEWAL,
      error: (url) => `${token(url)} answered 500: Internal Server Error`,
      withinSeconds: 35,
      alarms: LATE,
    },
    "429": {
      failsFrom: TOKEN_RENEWAL,
      error: (url) => `${token(url)} answered 429: Request was throttled.`,
      withinSeconds: 35,
      failureMetric: "Throttled",
      alarms: LATE_AND_THROTTLED,
    },
    slow: { takesSeconds: 20, alarms: NONE },
    garbage: {
      failsFrom: TOKEN_RENEWAL,
      error: (url) => `${token(url)} answered 200 with a body that is not JSON`,
      withinSeconds: 35,
      alarms: LATE,
    },
  },
  events: {
    hangs: { failsFrom: 1, error: (url) => timedOut(events(url)), withinSeconds: 215, alarms: LATE },
    "500": {
      failsFrom: 1,
      error: (url) => `${events(url)} answered 500: Internal Server Error`,
      withinSeconds: 35,
      alarms: LATE,
    },
    "429": {
      failsFrom: 1,
      error: (url) => `${events(url)} answered 429: Request was throttled.`,
      withinSeconds: 35,
      failureMetric: "Throttled",
      alarms: LATE_AND_THROTTLED,
    },
    slow: { takesSeconds: 20, alarms: NONE },
    garbage: {
      failsFrom: 1,
      error: (url) => `${events(url)} answered 200 with a body that is not JSON`,
      withinSeconds: 35,
      alarms: LATE,
    },
  },
  // Not needed for the events.
  account: {
    hangs: { withoutAccounts: true, alarms: NONE },
    "500": { withoutAccounts: true, alarms: NONE },
    "429": { withoutAccounts: true, alarms: NONE },
    slow: { withoutAccounts: true, alarms: NONE },
    garbage: { withoutAccounts: true, alarms: NONE },
  },
  sts: {
    hangs: {
      failsFrom: SESSION_RENEWAL,
      error: () => writing(`Assuming role ${LAKE.roleArn} failed: ${NO_ANSWER}`),
      withinSeconds: 65,
      alarms: LATE,
    },
    "500": {
      failsFrom: SESSION_RENEWAL,
      error: () =>
        writing(`Assuming role ${LAKE.roleArn} failed: InternalFailure: Simulated InternalFailure`),
      withinSeconds: 5,
      alarms: LATE,
    },
    "429": {
      failsFrom: SESSION_RENEWAL,
      error: () => writing(`Assuming role ${LAKE.roleArn} failed: Throttling: Simulated Throttling`),
      withinSeconds: 30,
      alarms: LATE,
    },
    slow: { takesSeconds: 15, alarms: NONE },
    garbage: {
      failsFrom: SESSION_RENEWAL,
      error: () =>
        writing(
          `Assuming role ${LAKE.roleArn} failed: the answer has no credentials, so it is not that of STS`,
        ),
      withinSeconds: 5,
      alarms: LATE,
    },
  },
  s3: {
    hangs: { failsFrom: 1, error: () => writing(NO_ANSWER), withinSeconds: 65, alarms: LATE },
    "500": {
      failsFrom: 1,
      error: () => writing("InternalError: Simulated InternalError"),
      withinSeconds: 5,
      alarms: LATE,
    },
    "429": {
      failsFrom: 1,
      error: () => writing("SlowDown: Simulated SlowDown"),
      withinSeconds: 30,
      alarms: LATE,
    },
    slow: { takesSeconds: 15, alarms: NONE },
    garbage: {
      failsFrom: 1,
      error: () =>
        writing("the answer has no ETag, so it is not that of S3. Check proxies between the function and S3"),
      withinSeconds: 5,
      alarms: LATE,
    },
  },
  dynamodb: {
    hangs: {
      failsFrom: 1,
      error: () => callingTheTable(NO_ANSWER),
      withinSeconds: 110,
      alarms: LATE,
    },
    "500": {
      failsFrom: 1,
      error: () => callingTheTable("InternalServerError: Simulated InternalServerError"),
      withinSeconds: 5,
      alarms: LATE,
    },
    "429": {
      failsFrom: 1,
      error: () => callingTheTable("ThrottlingException: Simulated ThrottlingException"),
      withinSeconds: 30,
      alarms: LATE,
    },
    slow: { takesSeconds: 15, alarms: NONE },
    garbage: {
      failsFrom: 1,
      error: () => callingTheTable("the answer cannot be read"),
      withinSeconds: 5,
      alarms: LATE,
    },
  },
  secretsmanager: {
    hangs: {
      failsFrom: TOKEN_RENEWAL,
      error: () => `Reading secret ${SECRET_ARN} failed: ${NO_ANSWER}`,
      withinSeconds: 65,
      alarms: LATE,
    },
    "500": {
      failsFrom: TOKEN_RENEWAL,
      error: () =>
        `Reading secret ${SECRET_ARN} failed: InternalServiceError: Simulated InternalServiceError`,
      withinSeconds: 5,
      alarms: LATE,
    },
    "429": {
      failsFrom: TOKEN_RENEWAL,
      error: () => `Reading secret ${SECRET_ARN} failed: ThrottlingException: Simulated ThrottlingException`,
      withinSeconds: 30,
      alarms: LATE,
    },
    slow: { takesSeconds: 15, alarms: NONE },
    garbage: {
      failsFrom: TOKEN_RENEWAL,
      error: () => `Reading secret ${SECRET_ARN} failed: the answer cannot be read`,
      withinSeconds: 5,
      alarms: LATE,
    },
  },
};

/** A slow answer of the tenant comes before a page's or a token's time-out, and after that of a look-up. */
const TENANT_FAULTS: Readonly<Record<Fault, Omit<FaultRequest, "on">>> = {
  hangs: { kind: "hang" },
  "500": { kind: "500" },
  "429": { kind: "429" },
  slow: { kind: "slow", delayMilliseconds: 20_000 },
  garbage: { kind: "html" },
};

/** The fault of an endpoint of the tenant, for as long as it lasts. */
export function tenantFault(on: "token" | "events" | "account", fault: Fault): FaultRequest {
  return { on, times: 1_000_000, ...TENANT_FAULTS[fault] };
}

/** What the services call an error of their own, and too many requests. */
const AWS_ERRORS = {
  sts: { "500": "InternalFailure", "429": "Throttling" },
  s3: { "500": "InternalError", "429": "SlowDown" },
  dynamodb: { "500": "InternalServerError", "429": "ThrottlingException" },
  secretsmanager: { "500": "InternalServiceError", "429": "ThrottlingException" },
} as const;

/** The fault of a service of AWS. */
export function awsFault(service: keyof typeof AWS_ERRORS, fault: Fault): AwsFault {
  switch (fault) {
    case "hangs":
      return "hang";
    case "500":
      return { status: 500, code: AWS_ERRORS[service]["500"] };
    case "429":
      // S3 says 503 Slow Down; the others answer 400.
      return { status: service === "s3" ? 503 : 400, code: AWS_ERRORS[service]["429"] };
    case "slow":
      // Less than a call may take.
      return { slow: 15_000 };
    case "garbage":
      return "garbage";
  }
}
