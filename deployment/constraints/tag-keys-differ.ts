import { tagKeysDiffer as check } from "../../facts/checks/tag-keys-differ.js";
import type { Path } from "../file/diagnostics.js";
import { derived, fromCheck } from "./from-check.js";

/** The deployment's tags are on its roles too, and Vectra's role has its own beside them. */
export const tagKeysDiffer = fromCheck(check, ({ tags, cloudTrail }) => [
  {
    keys: [
      ...keysOf(tags, ["tags"]),
      ...keysOf(cloudTrail?.role?.create?.perimeterTags, ["cloudTrail", "role", "create", "perimeterTags"]),
    ],
  },
]);

function keysOf(tags: object = {}, path: Path) {
  return Object.keys(tags).map((key) => ({ ...derived(key, ...path, key), key: true as const }));
}
