import { type Command, Option } from "commander";
import {
  ACCOUNT_FILTERS,
  DEFAULT_ACCOUNTS,
  EVENTS_APIS,
  type EventFilters,
  type EventsApiName,
  PROFILE_EVENT_CLASSES,
  SEVERITY_NAMES,
} from "../../facts/environment.js";
import { accountId, path, tenantName } from "./option-values.js";

/** Options by which a command finds the exporter that it works on. */
export interface TargetOptions {
  readonly function?: string;
  readonly region?: string;
  readonly lake?: string;
  readonly tenant?: string;
}

/** Options of commands that talk to a tenant from here. */
export interface ClientOptions {
  readonly client?: string;
}

/** Options that tell of a tenant; a folder remembers them. */
export interface TenantSettingOptions extends Partial<EventFilters> {
  readonly url?: string;
  readonly deployment?: string;
  readonly profile?: string;
  readonly api?: EventsApiName;
  readonly partitionAccount?: string;
  readonly start?: "beginning" | "latest";
}

/** Options that say where Athena finds the records of a deployed exporter. */
export interface AthenaOptions {
  readonly database?: string;
  readonly table?: string;
  readonly workgroup?: string;
  readonly output?: string;
}

const TENANT_SETTINGS = "Settings of a tenant (a folder remembers them):";

/** What an exporter that is deployed knows itself. */
const LOCAL_ONLY = [
  ...["lake", "client", "url", "deployment", "profile", "api", "partitionAccount", "start"],
  ...["accounts", "prioritizedOnly", "minimumSeverity"],
];

export function addTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--function <name>",
        "an exporter that is deployed in AWS: name or ARN of its function",
      ).conflicts(LOCAL_ONLY),
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
    .option(flags, "an exporter that runs here: the folder with its objects and its state", path)
    .addOption(
      new Option(
        "--tenant <name>",
        "one tenant (default: every one; a new folder's is called tenant)",
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
  return addFilterOptions(command)
    .optionsGroup(TENANT_SETTINGS)
    .option("--url <url>", "address of its Vectra UI, or of a simulated tenant")
    .option("--deployment <file>", "take the settings from a deployment.yaml", path)
    .addOption(
      new Option("--profile <profile>", "OCSF profile of the records (default: vectra)").choices(
        Object.keys(PROFILE_EVENT_CLASSES),
      ),
    )
    .addOption(
      new Option("--api <version>", `version of the events API (default: ${EVENTS_APIS[0]})`).choices(
        EVENTS_APIS,
      ),
    )
    .addOption(
      new Option(
        "--partition-account <id>",
        "AWS account of the partition (default: 000000000000, which is none)",
      ).argParser(accountId),
    )
    .addOption(
      new Option("--start <where>", "where the first export begins (default: beginning)").choices([
        "beginning",
        "latest",
      ]),
    )
    .optionsGroup("Options:");
}

/** Which events of a tenant are exported. */
export function addFilterOptions(command: Command): Command {
  return command
    .optionsGroup(TENANT_SETTINGS)
    .addOption(
      new Option(
        "--accounts <which>",
        `aws: only accounts of AWS; all: every account that Vectra scores (default: ${DEFAULT_ACCOUNTS})`,
      ).choices(ACCOUNT_FILTERS),
    )
    .option("--prioritized-only", "only events that Vectra calls prioritized")
    .option("--no-prioritized-only", "prioritized or not (default)")
    .addOption(
      new Option(
        "--minimum-severity <severity>",
        "only events of at least this severity, and those without one (default: Low, which is every one)",
      ).choices(SEVERITY_NAMES),
    )
    .optionsGroup("Options:");
}

export function addAthenaOptions(command: Command): Command {
  return command
    .optionsGroup("Where Athena finds the records of a deployed exporter:")
    .option("--database <name>", "Glue database of the lake, as Security Lake shows it")
    .option("--table <name>", "Glue table of the custom source")
    .option("--workgroup <name>", "workgroup of Athena (default: primary)")
    .option("--output <s3 uri>", "where results go (default: where the workgroup puts them)")
    .optionsGroup("Options:");
}
