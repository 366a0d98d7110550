import type { Finding, Path } from "../file/diagnostics.js";
import type { Constraint } from "./constraint.js";

/** CDKTF's markers for values that it resolves later: in strings, lists, mappings and numbers. */
const TOKEN = /[$#&]\{TfToken\[|-1\.8881545897\d*e\+289/;

/** A marker in a file stands for no value: CDKTF would fail to resolve it, or resolve it to an unrelated one. */
export const noPlaceholdersOfCdktf: Constraint = function* (deployment) {
  yield* placeholders(deployment, []);
};

function* placeholders(value: unknown, path: Path): Iterable<Finding> {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const inside = [...path, Array.isArray(value) ? Number(key) : key];
      if (TOKEN.test(key)) {
        yield { path: inside, key: true, ...IS_PLACEHOLDER };
      }
      yield* placeholders(item, inside);
    }
    return;
  }
  if ((typeof value === "string" || typeof value === "number") && TOKEN.test(String(value))) {
    yield { path, ...IS_PLACEHOLDER };
  }
}

const IS_PLACEHOLDER = {
  problem: "contains a CDKTF token, which has no value in a file",
  remedy: "Write the value itself.",
};
