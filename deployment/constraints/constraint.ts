import type { z } from "zod";
import type { Finding } from "../file/diagnostics.js";
import type { deploymentSchema } from "../schema/deployment.js";

/** A deployment as a person writes it, fields with a default optional. */
export type DeploymentInput = z.input<typeof deploymentSchema>;

/** What is sound of a value: everything may be missing, but what is there has its type and shape. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
    : T;

/** Checks what concerns several fields; says nothing about fields that are missing or wrong by themselves. */
export type Constraint = (deployment: Sound<DeploymentInput>) => Iterable<Finding>;
