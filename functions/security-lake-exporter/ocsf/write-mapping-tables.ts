import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withMappingTables } from "./mapping-table.js";

/* `npm run docs:mapping`: regenerates the mapping tables of the function's README. */

const readme = join(import.meta.dirname, "..", "README.md");
writeFileSync(readme, withMappingTables(readFileSync(readme, "utf8")));
