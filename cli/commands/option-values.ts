import { InvalidArgumentError } from "commander";
import { givenPath } from "../../command-line/given-path.js";

/** Values of options, as commander's parsers: what they throw becomes an error of usage that names the option. */

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
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
    throw new InvalidArgumentError("Give a day, 2026-01-31, or a second of UTC, 2026-01-31T18:30:00Z.");
  }
  return time;
}

export function tenantName(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(text)) {
    throw new InvalidArgumentError("Give lower-case letters, digits and hyphens, beginning with a letter.");
  }
  return text;
}

export function accountId(text: string): string {
  if (!/^\d{12}$/.test(text)) {
    throw new InvalidArgumentError("Give the 12 digits of an AWS account.");
  }
  return text;
}

/** A path of this machine, relative to where the person stands; also as a `file:` URL. */
export function path(text: string): string {
  try {
    return givenPath(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
