import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadDeployment } from "../deployment/load.js";
import { type StackSummary, synthDeployment } from "../deployment/synth.js";
import { ENVIRONMENT } from "../facts/environment.js";
import { bundleExporter, type ExporterBundle } from "../functions/security-lake-exporter/bundle.js";
import type { Item } from "../simulator/aws/dynamodb.js";
import { type Aws, startAws } from "../simulator/aws/stand-ins.js";
import { startTenant, type Tenant } from "../simulator/tenant.js";
import { type DeployedExporter, readDeployedExporter } from "./deployed-exporter.js";
import { crashAfterPut, playTicks, type Tick } from "./export-ticks.js";
import { type LakeObject, readLake } from "./lake.js";
import { type Lambda, openLambda } from "./lambda.js";
import { type Verification, verifyOnce } from "./verification.js";

/** Where the rehearsal reads and writes. */
export interface Places {
  readonly deploymentFile: string;
  /** Receives the Terraform JSON, as `npm run synth` leaves it; below `outputDirectory`. */
  readonly terraformDirectory: string;
  /** Emptied at the start; nothing is written anywhere else. */
  readonly outputDirectory: string;
}

/** The first part: what will be deployed into which account. */
export interface Prepared {
  /** In the order in which they must be applied. */
  readonly stacks: readonly StackSummary[];
  readonly bundle: ExporterBundle;
  readonly exporter: DeployedExporter;
  readonly functionLog: string;
}

/** What the ticks produced. */
export interface Exported {
  readonly objects: readonly LakeObject[];
  /** The checkpoint's item in the table. */
  readonly checkpoint: Item;
  readonly verification: Verification;
}

const SEED = 7;
const ACCOUNTS = 40;
const EVENTS_PER_TICK = 25;
const MILLISECONDS_PER_TICK = 5 * 60 * 1000;

/**
 * Reads the deployment, bundles the function and writes the Terraform JSON of every stack.
 *
 * @throws DeploymentError for an invalid deployment file
 */
export function prepare(places: Places): Prepared {
  rmSync(places.outputDirectory, { recursive: true, force: true });
  const deployment = loadDeployment(places.deploymentFile);
  const { securityLake } = deployment;
  if (securityLake === undefined) {
    throw new Error(`${places.deploymentFile} has no securityLake, so there is no exporter to rehearse.`);
  }
  const bundle = bundleExporter(join(places.outputDirectory, "bundle"));
  const stacks = synthDeployment({ deployment, outdir: places.terraformDirectory, bundle: () => bundle });
  return {
    stacks,
    bundle,
    exporter: readDeployedExporter(
      join(places.terraformDirectory, "stacks", "security-lake"),
      securityLake.bucketName,
    ),
    functionLog: join(places.outputDirectory, "function.log"),
  };
}

/** The running parts of the second half. */
export interface Rehearsal {
  readonly tenant: Tenant;
  readonly lakeDirectory: string;
  play(ticks: number): AsyncGenerator<Tick>;
  /** Reads the lake back and compares it with the tenant. */
  readBack(): Promise<Exported>;
  close(): Promise<void>;
}

/** Starts the simulated tenant and the stand-ins, and prepares the deployed zip for invocation. */
export async function startRehearsal(prepared: Prepared, places: Places, ticks: number): Promise<Rehearsal> {
  const { exporter } = prepared;
  const [settings] = exporter.tenants;
  const [schedule] = exporter.schedules;
  if (settings === undefined || schedule === undefined) {
    throw new Error(`${places.deploymentFile} has no tenant: add one to securityLake.exporter.tenants.`);
  }
  const lakeDirectory = join(places.outputDirectory, "lake");
  mkdirSync(lakeDirectory, { recursive: true });

  const client = { clientId: "rehearsal-client", clientSecret: "rehearsal-secret" };
  // Simulated time ends about now, so that the records in the lake are of today.
  const startTime = new Date((Math.floor(Date.now() / 1000) - (ticks * MILLISECONDS_PER_TICK) / 1000) * 1000);
  const tenant: Tenant = await startTenant({
    ...client,
    seed: SEED,
    accounts: ACCOUNTS,
    eventsPerTick: EVENTS_PER_TICK,
    startTime,
    portalUrl: settings.url,
    tokenClock: () => tenant.now().getTime(),
  });
  const crash = crashAfterPut();
  const aws = await startAws({
    lakeDirectory,
    lake: exporter.lake,
    table: exporter.table,
    region: exporter.lake.region,
    secrets: {
      [settings.secretArn]: JSON.stringify({
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }),
    },
    onCall: crash.onCall,
  });
  const lambda = openLambda({
    configuration: {
      ...exporter.configuration,
      environment: atSimulatedTenant(exporter, settings.name, tenant.url),
    },
    zipPath: exporter.zipPath,
    taskRoot: join(places.outputDirectory, "task"),
    logPath: prepared.functionLog,
    awsEnvironment: aws.environment,
  });
  return {
    tenant,
    lakeDirectory,
    play: (count) => playTicks({ tenant, aws, lambda, crash, scheduleEvent: schedule.event }, count),
    readBack: () => readBack(tenant, aws, lakeDirectory),
    close: () => closeAll(lambda, aws, tenant),
  };
}

/** The only difference from the deployment: the tenant is on this machine. */
function atSimulatedTenant(
  exporter: DeployedExporter,
  tenantName: string,
  url: string,
): Record<string, string> {
  const tenants = exporter.tenants.map((settings) =>
    settings.name === tenantName ? { ...settings, url } : settings,
  );
  return { ...exporter.configuration.environment, [ENVIRONMENT.tenants]: JSON.stringify(tenants) };
}

async function readBack(tenant: Tenant, aws: Aws, lakeDirectory: string): Promise<Exported> {
  const objects = await readLake(lakeDirectory);
  const items = await aws.items();
  return {
    objects,
    checkpoint: items.find((item) => item["sk"] === "checkpoint") ?? {},
    verification: verifyOnce(tenant.events(), objects),
  };
}

async function closeAll(lambda: Lambda, aws: Aws, tenant: Tenant): Promise<void> {
  await lambda.close();
  await aws.close();
  await tenant.close();
}
