import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";

// zod/mini says only "Invalid input" unless it is given the words of a language.
z.config(en());

/**
 * What is wrong with a value, field by field, without the value itself: it may be a secret or an event.
 *
 * @param name what the value is called, in front of the path of each field.
 */
export function problemsOf(name: string, error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${[name, ...path].join(".")}: ${message}`)
    .join("; ");
}
