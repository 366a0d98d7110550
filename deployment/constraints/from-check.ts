import { type Check, known, OMITTED, UNKNOWN, type Value, type ValuesOf } from "../../facts/checks/check.js";
import { given } from "../../facts/given.js";
import { type Finding, formatPath, type Path } from "../file/diagnostics.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";
import type { Constraint } from "./constraint.js";

/** A value of the file, and where it is or would be. */
export interface Place<T> {
  readonly value: Value<T>;
  readonly path: Path;
  /** The key is meant, not its value. */
  readonly key?: true;
}

/** Where the values of a check are in the file, by key; of a list, every item. */
export type PlacesOf<T> = {
  readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? readonly Place<Item>[] : Place<T[Key]>;
};

/**
 * A constraint that asks a check, and reports its findings at their places.
 *
 * @param placesOf the values of the check in an unfinished deployment; nothing where there is nothing to ask, several
 * where several parts of the deployment are asked the same.
 */
export function fromCheck<T extends object>(
  check: Check<T>,
  placesOf: (deployment: Sound<DeploymentInput>) => Iterable<PlacesOf<T>>,
): Constraint {
  return function* (deployment) {
    for (const places of placesOf(deployment)) {
      yield* findingsOf(check, places);
    }
  };
}

function findingsOf<T extends object>(check: Check<T>, places: PlacesOf<T>): Finding[] {
  const all = Object.values<Place<unknown> | readonly Place<unknown>[]>(places).flat();
  const shared = sharedPath(all.map(({ path }) => path));
  const placeOf = (key: keyof T, index = 0): Omit<Place<unknown>, "value"> => {
    const place: Place<unknown> | readonly Place<unknown>[] = places[key];
    return "path" in place ? place : (place[index] ?? { path: shared });
  };
  const values = Object.fromEntries(
    Object.entries<Place<unknown> | readonly Place<unknown>[]>(places).map(([key, place]) => [
      key,
      "path" in place ? place.value : place.map(({ value }) => value),
    ]),
  ) as ValuesOf<T>;
  const name = (key: keyof T, index?: number): string =>
    formatPath(placeOf(key, index).path.slice(shared.length));
  return check(values, name).map(({ key, index, ...said }) => {
    const place = placeOf(key, index);
    return { path: place.path, ...given({ key: place.key }), ...said };
  });
}

/** The smallest mapping that holds all places: names in a finding begin below it. */
function sharedPath(paths: readonly Path[]): Path {
  const [first = [], ...others] = paths.map((path) => path.slice(0, -1));
  const differs = first.findIndex((step, index) => others.some((other) => other[index] !== step));
  const shared = differs < 0 ? first : first.slice(0, differs);
  // A name does not begin with an index.
  return paths.some((path) => typeof path[shared.length] === "number") ? shared.slice(0, -1) : shared;
}

type StepInto<T, Step> =
  NonNullable<T> extends readonly (infer Item)[]
    ? Step extends number
      ? Item
      : unknown
    : Step extends keyof NonNullable<T>
      ? NonNullable<T>[Step]
      : unknown;

type ValueAt<T, Steps extends Path> = Steps extends readonly [infer Step, ...infer Rest extends Path]
  ? ValueAt<StepInto<T, Step>, Rest>
  : NonNullable<T>;

/**
 * A field of the file. What is missing is omitted; what is wrong by itself has been taken out of the deployment and is
 * unknown, and so is everything below it.
 */
export function at<const Steps extends Path>(
  deployment: Sound<DeploymentInput>,
  ...path: Steps
): Place<ValueAt<Sound<DeploymentInput>, Steps>> {
  let value: unknown = deployment;
  for (const step of path) {
    if (value === undefined || value === null) {
      return { value: UNKNOWN, path };
    }
    if (!Object.hasOwn(value, step)) {
      return { value: OMITTED, path };
    }
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return {
    value: value === undefined ? UNKNOWN : known(value as ValueAt<Sound<DeploymentInput>, Steps>),
    path,
  };
}

/** The first of several fields that is set: what one leaves open, the next decides. */
export function firstSet<T>(...places: readonly [Place<T>, ...Place<T>[]]): Place<T> {
  return places.find(({ value }) => value.state !== "omitted") ?? places[0];
}

/** A part of a field's value, such as the region of an ARN. */
export function partOf<T, Part>(
  { value, ...place }: Place<T>,
  part: (value: T) => Part | undefined,
): Place<Part> {
  return value.state === "known" ? { ...place, value: asKnown(part(value.value)) } : { ...place, value };
}

/** What follows from a field, or from several of which this is the nearest; unknown where it does not follow yet. */
export function derived<T>(value: T | undefined, ...path: Path): Place<T> {
  return { value: asKnown(value), path };
}

function asKnown<T>(value: T | undefined): Value<T> {
  return value === undefined ? UNKNOWN : known(value);
}
