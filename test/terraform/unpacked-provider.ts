import { type Dirent, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A folder with an unpacked provider, laid out as a Terraform filesystem mirror. */
export interface UnpackedProvider {
  /** The mirror: the folder that `registry.terraform.io` is in. */
  readonly mirror: string;
  /** `6.29.0` */
  readonly version: string;
}

/** Environment variable that names the folder to search first. */
export const MIRROR_VARIABLE = "TERRAFORM_PROVIDER_MIRROR";

const HOST = "registry.terraform.io";
const PROVIDER = ["hashicorp", "aws"];

/** Maximum number of folders between a place and the mirror's `registry.terraform.io`. */
const MAX_DEPTH = 3;
/** Maximum number of entries examined below one place: a home folder or /opt may hold anything. */
const MAX_ENTRIES = 5000;
const SKIPPED_FOLDERS = new Set(["node_modules", ".git", "proc", "sys", "dev"]);

/**
 * Looks for an unpacked AWS provider for this platform in the usual places, at most three folders deep.
 *
 * @param places folders to search; missing ones are skipped.
 * @returns the newest one in the first place that has any; undefined if there is none.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export function findUnpackedProvider(
  places: readonly string[] = usualPlaces(process.env),
  platform: string = terraformPlatform(),
): UnpackedProvider | undefined {
  for (const place of places) {
    const found = mirrorsBelow(place)
      .flatMap((mirror) => versionsIn(mirror, platform).map((version) => ({ mirror, version })))
      .sort((a, b) => compareVersions(b.version, a.version));
    if (found[0] !== undefined) {
      return found[0];
    }
  }
  return undefined;
}

/** Where people, package managers and images put providers. */
export function usualPlaces(environment: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  const home = environment["HOME"] ?? homedir();
  const shared = (environment["XDG_DATA_DIRS"] ?? "/usr/local/share:/usr/share").split(delimiter);
  return [
    environment[MIRROR_VARIABLE],
    environment["TF_PLUGIN_CACHE_DIR"],
    join(home, ".terraform.d"),
    environment["XDG_DATA_HOME"] ?? join(home, ".local", "share", "terraform"),
    environment["APPDATA"] === undefined ? undefined : join(environment["APPDATA"], "terraform.d"),
    ...shared.map((folder) => join(folder, "terraform")),
    "/usr/lib/terraform",
    "/usr/local/lib/terraform",
    "/var/lib/terraform",
    "/opt",
    "/srv",
  ].filter((place): place is string => place !== undefined && place !== "");
}

/** Terraform's name of this platform: `linux_amd64`. */
function terraformPlatform(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const processor = { x64: "amd64", ia32: "386" }[process.arch as string] ?? process.arch;
  return `${system}_${processor}`;
}

/** Breadth first, so that the limit on entries cuts off the deepest ones. */
function mirrorsBelow(place: string): readonly string[] {
  const mirrors: string[] = [];
  let level = [place];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0 && seen < MAX_ENTRIES; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const names = foldersIn(folder);
      seen += names.length;
      if (names.includes(HOST)) {
        mirrors.push(folder);
      }
      next.push(...names.filter((name) => name !== HOST).map((name) => join(folder, name)));
    }
    level = next;
  }
  return mirrors;
}

function versionsIn(mirror: string, platform: string): readonly string[] {
  const provider = join(mirror, HOST, ...PROVIDER);
  return foldersIn(provider)
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .filter((version) =>
      entriesOf(join(provider, version, platform)).some(({ name }) =>
        name.startsWith(`terraform-provider-${PROVIDER.at(-1)}`),
      ),
    );
}

/** Includes linked folders, which are common in mirrors. */
function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter(({ name }) => !SKIPPED_FOLDERS.has(name))
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(folder, entry.name))))
    .map(({ name }) => name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Empty if the folder is missing or not readable. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
