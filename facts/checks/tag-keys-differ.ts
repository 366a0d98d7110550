import { type Check, given } from "./check.js";

/**
 * IAM compares tag keys without regard to case, and refuses a role with two spellings of one key.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export const tagKeysDiffer: Check<{ keys: readonly string[] }> = (values) => {
  const keys = values.keys.map(given);
  return keys.flatMap((key, index) => {
    const other = keys.find(
      (earlier, at) =>
        at < index && key !== undefined && earlier !== key && earlier?.toLowerCase() === key.toLowerCase(),
    );
    return other === undefined
      ? []
      : [
          {
            key: "keys",
            index,
            problem: `differs from "${other}" in case only, and IAM refuses a role with both`,
            allowed: "tag keys that differ by more than case",
            remedy: "Remove one of the two, or rename it.",
          },
        ];
  });
};
