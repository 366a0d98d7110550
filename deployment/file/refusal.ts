import type { Path } from "./diagnostics.js";

/** What is refused, and what to do. */
export interface Refusal {
  /** The mapping of the file that it is about. */
  readonly path: Path;
  /** What is refused below that mapping, in steps; as many of them count as the file has. */
  readonly prop?: Path;
  /** What is wrong; after a prop that the file does not have, its name comes first. */
  readonly problem: string;
  readonly remedy: string;
  /** Commands that belong to the remedy, one per line. */
  readonly commands?: readonly string[];
}

/**
 * A deployment that is refused for something that the file alone does not show: a policy that grows too large, a state
 * that would be lost. `locateRefusal` in locate.ts finds the place in the file.
 */
export class RefusedDeployment extends Error {
  override readonly name = "RefusedDeployment";
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause?: unknown) {
    super(`${[refusal.prop?.join("."), refusal.problem].join(" ")}. ${refusal.remedy}`.trimStart(), {
      cause,
    });
    this.refusal = refusal;
  }
}
