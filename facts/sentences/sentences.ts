import type { Option, Options } from "../options/option.js";
import { formatOf } from "./formats.js";

/** What people read about an option. */
export interface Sentences {
  /** What it is, for the deployment file's schema and reference. The default is not in it: it follows from the option. */
  readonly description: string;
  /**
   * What to do about a wrong value, besides omitting it.
   *
   * @default - of a text that of its format, otherwise that it has to be corrected
   */
  readonly remedy?: string;
}

/** Sentences for every option of a group. */
export type SentencesOf<Group extends Options> = { readonly [Name in keyof Group]: Sentences };

/** What to do about a wrong value, but for omitting it. */
export function remedyFor(option: Option, { remedy }: Sentences): string {
  if (remedy !== undefined) {
    return remedy;
  }
  switch (option.kind) {
    case "text":
      return formatOf(option.pattern).remedy;
    case "number":
      return "Correct the number.";
    default:
      return "Choose one of them.";
  }
}

/** The sentence that follows the remedy of what has a default. */
export function orOmit(byDefault: unknown): string {
  return `Or omit it for the default, ${JSON.stringify(byDefault)}.`;
}

/** What applies when an option of the deployment file is omitted, if that is not a value. */
export function defaultInFile(option: Option): string | undefined {
  return option.kind === "text" ? option.defaultByPlace?.deploymentFile : undefined;
}
