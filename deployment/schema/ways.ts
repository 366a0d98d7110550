import { z } from "zod";
import { fieldGuides } from "./fields.js";

/** A mapping with exactly one key: whether a thing is created or existing, and the like. */
export function oneOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z
    .strictObject(shape)
    .refine((value) => Object.keys(value).length === 1, {
      error: `use exactly one of ${keys.join(", ")}`,
      // Without this the check is skipped as soon as something inside one of the two is wrong.
      when: ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value),
    })
    .register(fieldGuides, {
      allowed: `exactly one of ${keys.join(", ")}`,
      remedy: `Write ${keys.map((key) => `{ ${key}: … }`).join(" or ")}.`,
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}

/** Something that this deployment creates, or that exists already. */
export function createdOrExisting<
  Create extends z.core.$ZodLooseShape,
  Existing extends z.core.$ZodLooseShape,
>(create: Create, existing: Existing, description: string) {
  return oneOf({
    create: z.strictObject(create).optional().describe("Create it; {} uses every default."),
    existing: z.strictObject(existing).optional().describe("Use an existing one."),
  }).describe(description);
}
