import { InvalidArgumentError } from "commander";
import { givenPath } from "../../command-line/given-path.js";
import { ACCOUNT_ID, TENANT_NAME } from "../../facts/patterns.js";

/** Parsers for values of options. What they throw, commander reports as an error of usage that names the option. */

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** @returns whole seconds of UTC, `2026-01-01T00:00:00Z`. */
export function utcTime(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? Date.parse(time) : Number.NaN;
  // February 30 is parsed as a day of March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== time.replace("Z", ".000Z")) {
    throw new InvalidArgumentError("Use a day, 2026-01-31, or a second of UTC, 2026-01-31T18:30:00Z.");
  }
  return time;
}

export function tenantName(text: string): string {
  if (!TENANT_NAME.regex.test(text)) {
    throw new InvalidArgumentError(`Use ${TENANT_NAME.form}.`);
  }
  return text;
}

export function accountId(text: string): string {
  if (!ACCOUNT_ID.regex.test(text)) {
    throw new InvalidArgumentError(`Use the ${ACCOUNT_ID.form} of an AWS account.`);
  }
  return text;
}

/** A path on this machine, relative to the working directory; also as a `file:` URL. */
export function path(text: string): string {
  try {
    return givenPath(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
