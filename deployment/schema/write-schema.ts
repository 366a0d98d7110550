import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploymentJsonSchema } from "./deployment.js";
import { deploymentReference } from "./reference.js";

const FILES = {
  [join(import.meta.dirname, "..", "deployment.schema.json")]:
    `${JSON.stringify(deploymentJsonSchema(), null, 2)}\n`,
  [join(import.meta.dirname, "..", "..", "docs", "deployment-yaml.md")]: deploymentReference(),
};
for (const [path, text] of Object.entries(FILES)) {
  writeFileSync(path, text);
  console.log(`Wrote ${path}`);
}
