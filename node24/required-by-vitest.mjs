import { isNode24 } from "./node24.mjs";

/** A global setup of vitest: the tests run on the version that the function is deployed with. */
export function setup() {
  if (!isNode24()) {
    throw new Error(
      `This is Node ${process.versions.node}; the tests run on Node 24, as the function does. ` +
        "Run them with npm, which brings it along: npm test -- <files>.",
    );
  }
}
