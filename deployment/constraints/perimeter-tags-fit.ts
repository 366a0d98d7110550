import type { Constraint } from "./constraint.js";

/** IAM takes keys that differ in case only for one, and refuses a role that has both. */
export const perimeterTagsFit: Constraint = function* ({ tags, cloudTrail }) {
  const keys = Object.keys(cloudTrail?.role?.create?.perimeterTags ?? {});
  for (const [index, key] of keys.entries()) {
    const clash = [...Object.keys(tags ?? {}), ...keys.slice(0, index)].find(
      (other) => other !== key && other.toLowerCase() === key.toLowerCase(),
    );
    if (clash !== undefined) {
      yield {
        path: ["cloudTrail", "role", "create", "perimeterTags", key],
        key: true,
        problem: `differs from tag "${clash}" in case only, and IAM takes both for one key`,
        allowed: "tag keys that differ by more than upper and lower case",
        remedy: "Write both alike: the role's own value then counts for the role.",
      };
    }
  }
};
