/** Only the keys that have a value: those that may be undefined become optional, without `undefined`. */
type Given<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * An object without its undefined values, for options that nobody set: `...given({ kmsKeyId: props.kmsKeyArn })`.
 *
 * With `exactOptionalPropertyTypes` an absent property and an undefined one differ, as they do for CDKTF and in JSON.
 * It is beside the facts because every other folder may import this one.
 */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as unknown as Given<T>;
}
