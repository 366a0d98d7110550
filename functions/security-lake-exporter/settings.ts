import * as z from "zod/mini";
import { ENVIRONMENT } from "../../facts/environment.js";
import {
  ACCUMULATE_OPTIONS,
  type Accumulation,
  type EventFilters,
  FILTER_OPTIONS,
  TENANT_OPTIONS,
} from "../../facts/options/exporter-tenant.js";
import type { ValuesOf } from "../../facts/options/option.js";
import { schemasOf } from "./option-schemas.js";
import { problemsOf } from "./validation.js";

/** Where and as whom the exporter writes. */
export interface LakeSettings {
  /** Bucket of the lake. */
  readonly bucket: string;
  /** Prefix of the custom source, with a closing slash: `ext/<source>/`. */
  readonly prefix: string;
  readonly region: string;
  readonly roleArn: string;
  readonly externalId: string;
}

/** A tenant with every default filled in. */
export type Tenant = ValuesOf<typeof TENANT_OPTIONS> & {
  readonly partitionAccountId: string;
  readonly secretArn: string;
  readonly filters: EventFilters;
  readonly accumulate?: Accumulation | undefined;
};

export interface Settings {
  readonly tenants: readonly Tenant[];
  readonly checkpointTable: string;
  readonly lake: LakeSettings;
}

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Clear text is for a simulated tenant on the same machine only. */
function isAcceptableOrigin(text: string): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const url = new URL(text);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
  return secure && url.pathname === "/" && url.search === "" && url.username === "";
}

/** A tenant as the environment has it; parsing fills in the defaults. */
export const tenantSchema = z.object({
  ...schemasOf(TENANT_OPTIONS),
  // Wider than a construct's: a folder's tenant may be in any network.
  url: z.string().check(z.refine(isAcceptableOrigin, "must be an https origin without a path")),
  partitionAccountId: z.string().check(z.regex(TENANT_OPTIONS.partitionAccountId.pattern.regex)),
  secretArn: z.string().check(z.minLength(1)),
  filters: z.prefault(z.object(schemasOf(FILTER_OPTIONS)), {} as never),
  accumulate: z.optional(z.object(schemasOf(ACCUMULATE_OPTIONS))),
});

const tenants = z.array(tenantSchema).check(z.minLength(1));

/**
 * Reads the function's settings from its environment variables.
 *
 * @throws Error naming the variable, what is wrong with it and the construct that sets it.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const location = /^s3[an]?:\/\/([^/]+)\/(.+?)\/*$/.exec(required(environment, ENVIRONMENT.lakeLocation));
  if (location?.[1] === undefined || location[2] === undefined) {
    throw invalid(ENVIRONMENT.lakeLocation, "must look like s3://bucket/ext/source/");
  }
  return {
    tenants: readTenants(required(environment, ENVIRONMENT.tenants)),
    checkpointTable: required(environment, ENVIRONMENT.checkpointTable),
    lake: {
      bucket: location[1],
      prefix: `${location[2]}/`,
      region: required(environment, ENVIRONMENT.lakeRegion),
      roleArn: required(environment, ENVIRONMENT.lakeRoleArn),
      externalId: required(environment, ENVIRONMENT.lakeExternalId),
    },
  };
}

function readTenants(json: string): readonly Tenant[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid(ENVIRONMENT.tenants, "is not JSON");
  }
  const parsed = z.safeParse(tenants, value);
  if (!parsed.success) {
    throw invalid(ENVIRONMENT.tenants, `is invalid: ${problemsOf(ENVIRONMENT.tenants, parsed.error)}`);
  }
  return parsed.data;
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") {
    throw invalid(name, "is not set");
  }
  return value;
}

function invalid(name: string, problem: string): Error {
  return new Error(
    `Environment variable ${name} ${problem}. The Exporter construct sets it: deploy it again.`,
  );
}
