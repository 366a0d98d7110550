import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploymentJsonSchema } from "./schema.js";

const path = join(import.meta.dirname, "deployment.schema.json");
writeFileSync(path, `${JSON.stringify(deploymentJsonSchema(), null, 2)}\n`);
console.log(`Wrote ${path}`);
