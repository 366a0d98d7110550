import { existsSync } from "node:fs";
import type { ObjectName } from "../../../facts/object-names.js";
import { homeOf } from "../../../functions/security-lake-exporter/state/home.js";
import { objectNamesIn } from "./lake-files.js";
import type { LocalState } from "./local-state.js";
import type { LocalTenant } from "./local-tenant.js";

/**
 * Refuses to export into a folder that has objects but no cursor: everything would be exported again, under the names of
 * other windows.
 *
 * @param state of the folder; undefined where it has none.
 * @throws Error with the options that the operator has.
 */
export async function refuseLostState(
  folder: string,
  state: LocalState | undefined,
  tenants: readonly LocalTenant[],
): Promise<void> {
  const objects = existsSync(folder) ? await objectNamesIn(folder) : [];
  for (const tenant of objects.length === 0 ? [] : tenants) {
    // Without any state, the name under which the tenant was exported is unknown.
    const orphans =
      state === undefined || state.settings().size === 0
        ? objects
        : objects.filter(({ tenant: name }) => name === tenant.name);
    if (orphans.length > 0 && !(await hasBegun(state, tenant))) {
      throw new Error(refusal(folder, tenant, orphans));
    }
  }
}

async function hasBegun(state: LocalState | undefined, tenant: LocalTenant): Promise<boolean> {
  return state !== undefined && (await homeOf(state.table, tenant)).hasBegun;
}

function refusal(folder: string, { name, url }: LocalTenant, orphans: readonly ObjectName[]): string {
  const owners = [...new Set(orphans.map(({ tenant }) => tenant))].join(", ");
  const windows = orphans.filter((object) => object.kind === "live" && object.tenant === name);
  const apis = [...new Set(windows.map((object) => object.api))].toSorted();
  // Of several versions nothing says which one was the last.
  const known = apis.length > 1 ? `<${apis.join(" or ")}, whichever ran last>` : apis[0];
  const otherWays =
    "restore .vectra-cdr.sqlite, use another folder, or pass --allow-overlap to export everything again (creates duplicates).";
  return [
    `${folder} holds objects of ${owners}, but no state of ${name}: every event would be exported again.`,
    known !== undefined
      ? `To continue after the newest object: vectra-cdr checkpoint restore --reason "the state was lost" --lake ${inShell(folder)} ` +
        `--tenant ${name} --url ${url} --api ${known} (add the --profile, --partition-account and filters of the export; ` +
        `cli/README.md, “When the state is lost”). Or ${otherWays}`
      : `Name the tenant of the objects with --tenant, ${otherWays}`,
  ].join(" ");
}

/** A path as one word of a command line. */
function inShell(path: string): string {
  return /^[\w./~:@%+,=-]+$/.test(path) ? path : `"${path}"`;
}
