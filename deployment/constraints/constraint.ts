import type { Finding } from "../file/diagnostics.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";

/** Checks what concerns several fields; says nothing about fields that are missing or wrong by themselves. */
export type Constraint = (deployment: Sound<DeploymentInput>) => Iterable<Finding>;
