import type { PropError } from "../constructs/rule.js";
import type { Path } from "./diagnostics.js";

/**
 * A deployment that its constructs refuse for what the file alone does not show, for example a policy that
 * grows too large. {@link locateRefusal} in load.ts says where in the file.
 */
export class RefusedDeployment extends Error {
  override readonly name = "RefusedDeployment";
  /** The mapping that the construct was made from. */
  readonly path: Path;
  readonly reason: PropError;

  constructor(path: Path, reason: PropError) {
    super(reason.message, { cause: reason });
    this.path = path;
    this.reason = reason;
  }
}
