import type { Construct } from "constructs";
import { refuseOmitted } from "./expectation.js";

/** The names of the props that cannot be omitted. */
type RequiredName<Props> = {
  [Name in keyof Props]-?: undefined extends Props[Name] ? never : Name;
}[keyof Props];

/**
 * Refuses a required prop that is `undefined` all the same, such as an unset environment variable behind `!`: without its
 * External ID, the trust policy of a role would have no condition.
 *
 * @param required every required prop of the interface; the compiler reports one that is missing.
 * @throws PropError that names the prop.
 */
export function enforceRequired<Props extends object>(
  construct: Construct,
  props: Props,
  required: Readonly<Record<RequiredName<Props>, true>>,
): void {
  for (const name of Object.keys(required)) {
    if ((props as Readonly<Record<string, unknown>>)[name] === undefined) {
      refuseOmitted(construct, name);
    }
  }
}
