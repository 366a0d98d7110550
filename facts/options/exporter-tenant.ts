import { ACCOUNT_ID, TENANT_NAME, TENANT_URL } from "../patterns.js";
import { DEFAULT_PROFILE, PROFILE_NAMES } from "../profiles.js";
import { SEVERITY_NAMES } from "../severities.js";
import {
  type GivenOf,
  isWrittenOut,
  MUST_BE_GIVEN,
  type Option,
  type Options,
  type ValueOf,
  type ValuesOf,
} from "./option.js";

/** Options of a Vectra tenant, without its filters and accumulation (below) and its secret. */
export const TENANT_OPTIONS = {
  name: { kind: "text", pattern: TENANT_NAME, required: true },
  url: { kind: "text", pattern: TENANT_URL, required: true },
  partitionAccountId: {
    kind: "text",
    pattern: ACCOUNT_ID,
    defaultByPlace: {
      construct: MUST_BE_GIVEN,
      deploymentFile: "accounts.securityLake.id",
      // No account of AWS: the folder is no lake of anybody's.
      commandLine: "000000000000",
    },
  },
  includeScoreDecreases: { kind: "flag", default: true, writtenOut: true },
  start: { kind: "choice", values: ["beginning", "latest"], default: "beginning", writtenOut: true },
  /** `v3` is the path without a minor version, `/api/v3/…`, which older tenants serve; it is not v3.0. */
  api: { kind: "choice", values: ["v3.4", "v3.3", "v3.2", "v3.1", "v3.0", "v3"], default: "v3.4" },
  profile: { kind: "choice", values: PROFILE_NAMES, default: DEFAULT_PROFILE },
  rawData: { kind: "flag", default: false },
  partitionBy: { kind: "choice", values: ["fixed", "event"], default: "fixed" },
  assignmentRequired: { kind: "flag", default: false },
} as const satisfies Options;

/** Defaults of a tenant that are written to the settings that the exporter reads: it refuses a tenant without them. */
export const TENANT_DEFAULTS_WRITTEN_OUT = Object.fromEntries(
  Object.entries<Option>(TENANT_OPTIONS).flatMap(([name, option]) =>
    isWrittenOut(option) ? [[name, option.default]] : [],
  ),
);

/** Which events of a tenant are exported. The product exports "any new Vectra account scoring events". */
export const FILTER_OPTIONS = {
  accounts: { kind: "choice", values: ["aws", "all"], default: "all" },
  prioritizedOnly: { kind: "flag", default: false },
  /** The lowest first. */
  minimumSeverity: { kind: "choice", values: SEVERITY_NAMES },
} as const satisfies Options;

/** How long, and up to how many, new events wait for others. */
export const ACCUMULATE_OPTIONS = {
  /** Security Lake wants objects at least once a day. */
  maxAgeSeconds: { kind: "number", unit: "seconds", min: 60, max: 86_400, required: true },
  /** A window holds no more. */
  maxEvents: { kind: "number", unit: "events", min: 1, max: 10_000, required: true },
} as const satisfies Options;

/** Version of the events API; the part of the tenant's checkpoint key after `#`. */
export type EventsApiName = ValueOf<typeof TENANT_OPTIONS.api>;

/** Which events are exported. */
export type EventFilters = ValuesOf<typeof FILTER_OPTIONS>;

/** Limits of waiting: events are written as soon as one of them is reached. */
export type Accumulation = ValuesOf<typeof ACCUMULATE_OPTIONS>;

/**
 * One Vectra tenant, as the function reads it; what each option means is in `facts/sentences/exporter-tenant.ts`.
 * No secret in here: only the ARN of the secret that holds the API client.
 */
export type TenantSettings = GivenOf<typeof TENANT_OPTIONS> & {
  /** AWS account of the `accountId=` partition. */
  readonly partitionAccountId: string;
  /** Secrets Manager secret with `{"client_id": "...", "client_secret": "..."}`. */
  readonly secretArn: string;
  readonly filters?: GivenOf<typeof FILTER_OPTIONS> | undefined;
  readonly accumulate?: Accumulation | undefined;
};
