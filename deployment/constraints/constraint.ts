import type { Finding } from "../file/diagnostics.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";

/** Reports what is wrong with several fields together; fields that are missing or wrong by themselves are reported elsewhere. */
export type Constraint = (deployment: Sound<DeploymentInput>) => Iterable<Finding>;
