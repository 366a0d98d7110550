import { type Command, Option } from "commander";
import { ATHENA_OPTIONS } from "../../facts/options/exporter.js";
import type { EventFilters } from "../../facts/options/exporter-tenant.js";
import { type EventsApiName, FILTER_OPTIONS, TENANT_OPTIONS } from "../../facts/options/exporter-tenant.js";
import type { ValueOf } from "../../facts/options/option.js";
import { accountId, path, tenantName } from "./option-values.js";

/** Options by which a command finds the exporter that it works on. */
export interface TargetOptions {
  readonly function?: string;
  readonly region?: string;
  readonly lake?: string;
  readonly tenant?: string;
}

/** Options of commands that query a tenant from this machine. */
export interface ClientOptions {
  readonly client?: string;
}

/** Settings of a tenant; a folder remembers them. */
export interface TenantSettingOptions extends Partial<EventFilters> {
  readonly url?: string;
  readonly deployment?: string;
  readonly profile?: string;
  readonly api?: EventsApiName;
  readonly partitionAccount?: string;
  readonly start?: ValueOf<typeof TENANT_OPTIONS.start>;
}

/** Options that say where Athena finds the records of a deployed exporter. */
export interface AthenaOptions {
  readonly database?: string;
  readonly table?: string;
  readonly workgroup?: string;
  readonly output?: string;
}

const TENANT_SETTINGS = "Settings of a tenant (a folder remembers them):";

/** Settings that a deployed exporter has itself. */
const LOCAL_ONLY = [
  ...["lake", "client", "url", "deployment", "profile", "api", "partitionAccount", "start"],
  ...Object.keys(FILTER_OPTIONS),
];

export function addTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--function <name>", "a deployed exporter: name or ARN of its function").conflicts(
        LOCAL_ONLY,
      ),
    )
    .addOption(
      new Option(
        "--region <region>",
        "region of the function (default: AWS_REGION, or the profile's)",
      ).conflicts("lake"),
    );
}

/** @param flags `--lake <folder>`, with another name before it where the command has one. */
export function addLakeOptions(command: Command, flags = "--lake <folder>"): Command {
  return command
    .option(flags, "a local exporter: the folder with its objects and state", path)
    .addOption(
      new Option(
        "--tenant <name>",
        'a single tenant (default: all; a new folder\'s tenant is called "tenant")',
      ).argParser(tenantName),
    );
}

export function addClientOption(command: Command): Command {
  return command.option(
    "--client <file>",
    "JSON with client_id and client_secret of the tenant (default: VECTRA_CLIENT_ID, VECTRA_CLIENT_SECRET)",
    path,
  );
}

export function addTenantSettings(command: Command): Command {
  const { profile, api, partitionAccountId, start } = TENANT_OPTIONS;
  return addFilterOptions(command)
    .optionsGroup(TENANT_SETTINGS)
    .option("--url <url>", "address of its Vectra UI, or of a simulated tenant")
    .option("--deployment <file>", "take the settings from a deployment.yaml", path)
    .addOption(choiceOption("--profile <profile>", "OCSF profile of the records", profile))
    .addOption(choiceOption("--api <version>", "version of the events API", api))
    .addOption(
      new Option(
        "--partition-account <id>",
        `AWS account of the partition (default: ${partitionAccountId.defaultByPlace.commandLine}, which is not a real account)`,
      ).argParser(accountId),
    )
    .addOption(choiceOption("--start <where>", "where the first export starts", start))
    .optionsGroup("Options:");
}

/** Which events of a tenant are exported. */
export function addFilterOptions(command: Command): Command {
  const { accounts, prioritizedOnly, minimumSeverity } = FILTER_OPTIONS;
  const [lowest] = minimumSeverity.values;
  return command
    .optionsGroup(TENANT_SETTINGS)
    .addOption(
      choiceOption(
        "--accounts <which>",
        "aws: only accounts of AWS; all: every account that Vectra scores",
        accounts,
      ),
    )
    .option(
      "--prioritized-only",
      `only events that Vectra marks as prioritized${defaultNote(prioritizedOnly.default)}`,
    )
    .option("--no-prioritized-only", `prioritized or not${defaultNote(!prioritizedOnly.default)}`)
    .addOption(
      new Option(
        "--minimum-severity <severity>",
        `only events of at least this severity, and those without one (default: ${lowest}, which includes all)`,
      ).choices(minimumSeverity.values),
    )
    .optionsGroup("Options:");
}

/** An option for one of a few words. Commander knows no default: what is omitted is as the folder remembers it. */
function choiceOption(
  flags: string,
  description: string,
  { values, default: byDefault }: { readonly values: readonly string[]; readonly default: string },
): Option {
  return new Option(flags, `${description} (default: ${byDefault})`).choices(values);
}

/** Of a flag that can be given either way. */
function defaultNote(isDefault: boolean): string {
  return isDefault ? " (default)" : "";
}

export function addAthenaOptions(command: Command): Command {
  return command
    .optionsGroup("Where Athena finds the records of a deployed exporter:")
    .option("--database <name>", "Glue database of the lake, as Security Lake shows it")
    .option("--table <name>", "Glue table of the custom source")
    .option("--workgroup <name>", `Athena workgroup (default: ${ATHENA_OPTIONS.workgroup.default})`)
    .option("--output <s3 uri>", "where results go (default: where the workgroup puts them)")
    .optionsGroup("Options:");
}
