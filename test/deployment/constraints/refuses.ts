import { expect, it } from "vitest";
import type { Diagnostic } from "../../../deployment/file/diagnostics.js";
import type { FileParts } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";

/** A deployment file that must be refused, and the one diagnostic that says so. */
type Refusal = { readonly what: string; readonly text: string } & Partial<Diagnostic>;

/** Parts of a file for an organization with one trail. */
export const ORGANIZATION: Partial<FileParts> = {
  accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
  organizationId: "o-a1b2c3d4e5",
};

/** Parts of a file for two member accounts with a trail each. */
export const MEMBERS: Partial<FileParts> = {
  accounts:
    '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }, { id: "555555555552" }] }',
};

/** One test for each refusal. */
export function refuses(refusals: readonly Refusal[]): void {
  it.each(refusals)("$what", ({ what: _, text, ...expected }) => {
    expect(onlyDiagnosticOf(text)).toMatchObject({ file: "deployment.yaml", ...expected });
  });
}
