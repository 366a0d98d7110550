import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { hasDied, processName } from "../../../../cli/exporters/local/lease-owner.js";
import { newLeaseOwner } from "../../../../functions/security-lake-exporter/state/lease.js";

const UUID = "0b0e7c1a-5f0e-4c57-9f0a-0d5c3f0f3a11";
/** Of a process that has ended. */
const DEAD = spawnSync("true").pid;

it.each([
  ["this process", newLeaseOwner(processName()), false],
  ["a process that has ended", `${hostname()}/${DEAD}/${UUID}`, true],
  ["a process of another machine", `not-${hostname()}/${DEAD}/${UUID}`, false],
  ["a run of Lambda", `8a9c1f0e-1f6c-4b0e-9f0a-0d5c3f0f3a11/${UUID}`, false],
  ["a person who moves the cursor", `you@host/${UUID}`, false],
])("GIVEN the lease of %s THEN whether its owner has certainly died is known", (_, owner, died) => {
  expect(hasDied(owner)).toBe(died);
});
