import { isNode24 } from "./node24.mjs";

/** A global setup of vitest: the tests run on Node 24, the function's version. */
export function setup() {
  if (!isNode24()) {
    throw new Error(
      `The tests require Node 24, the function's version; this is Node ${process.versions.node}. ` +
        "Run them through npm, which uses Node 24: npm test -- <files>.",
    );
  }
}
