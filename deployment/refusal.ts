import type { PropError } from "../constructs/prop-error.js";
import type { Path } from "./file/diagnostics.js";

/** What is refused, and what to do. */
export interface Refusal {
  /** The mapping of the file that it is about. */
  readonly path: Path;
  /** What is refused below that mapping, in steps; as many of them count as the file has. */
  readonly prop?: Path;
  /** What is wrong; after a prop that the file has not, its name comes first. */
  readonly problem: string;
  readonly remedy: string;
  /** Commands that belong to the remedy, one a line. */
  readonly commands?: readonly string[];
}

/**
 * A deployment that is refused for what the file alone does not show: a policy that grows too large, a state that
 * would be lost. {@link locateRefusal} in load.ts says where in the file.
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

  /** What a construct refused that was made from a mapping of the file. */
  static byConstruct(path: Path, error: PropError): RefusedDeployment {
    return new RefusedDeployment(
      {
        path,
        prop: stepsOf(asInFile(error.prop)),
        problem: `is ${error.value}: ${error.problem}`,
        remedy: asInFile(error.remedy),
      },
      error,
    );
  }
}

/** The constructs' `policy.behaviour` and `policy.currentStatements` are fields of their own in the file. */
function asInFile(text: string): string {
  return text.replace(/\bpolicy\.(behaviour|currentStatements)\b/g, (_, field: string) =>
    field === "behaviour" ? "policy" : field,
  );
}

/** `currentNotifications.queues[1]` in steps. */
export function stepsOf(prop: string): Path {
  return (prop.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
