import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ExporterUnderTest } from "../rig/exporter.js";

/** What a lease leaves in a checkpoint. */
const LEASE = ["lease_owner", "lease_until", "released_by", "updated_at"];

/** Everything in the table but leases, and every object of the lake. */
export async function durableState({ aws, lakeDirectory }: ExporterUnderTest) {
  const items = (await aws.items()).map(({ pk, sk, ...attributes }) => ({
    key: `${pk} ${sk}`,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !LEASE.includes(name))),
  }));
  const objects = readdirSync(lakeDirectory, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(lakeDirectory, path)).isFile())
    .map((path) => ({
      path,
      digest: createHash("sha256")
        .update(readFileSync(join(lakeDirectory, path)))
        .digest("hex"),
    }));
  return {
    items: items.filter(({ attributes }) => Object.keys(attributes).length > 0),
    objects,
  };
}
