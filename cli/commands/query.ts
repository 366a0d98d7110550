import { Command } from "commander";
import { plainTable } from "../../command-line/table.js";
import { jsonDocument } from "../terminal/json.js";
import { during, type Streams } from "../terminal/streams.js";
import { type ChoosingOptions, tenantsOf, withTarget } from "./choose-target.js";
import { wholeNumber } from "./option-values.js";
import { summaryOf } from "./record-summary.js";
import { addAthenaOptions, addLakeOptions, addTargetOptions } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly limit: number;
  readonly ocsf?: true;
  readonly json?: true;
}

/** `vectra-cdr query`: prints the newest records in the lake. */
export function queryCommand(streams: Streams): Command {
  const command = new Command("query")
    .description("Print the newest records in the lake, from a folder or through Athena")
    .option("--limit <n>", "show at most this many records", wholeNumber(1, 1000), 10)
    .option("--ocsf", "print the complete records, as JSON")
    .option("--json", "one JSON document with the complete records");
  addTargetOptions(command);
  addLakeOptions(command);
  addAthenaOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  vectra-cdr query --lake ./lake --limit 5
  vectra-cdr query --function vectra-cdr-exporter --database amazon_security_lake_glue_db_eu_west_1 \\
    --table amazon_security_lake_table_eu_west_1_ext_vectra_cdr
`,
    )
    .action((options: Options) =>
      withTarget(options, "read", streams, async (target) => {
        if (options.tenant !== undefined) {
          tenantsOf(target, options.tenant);
        }
        const records = await during(streams, `Reading the newest records in ${target.title}`, () =>
          target.lastRecords(options.tenant, options.limit),
        );
        streams.out(written(records, options, streams));
      }),
    );
}

function written(
  records: readonly Readonly<Record<string, unknown>>[],
  { ocsf, json }: Options,
  { width }: Streams,
): string {
  if (json === true) {
    return jsonDocument({ records });
  }
  if (ocsf === true) {
    return records.map(jsonDocument).join("");
  }
  if (records.length === 0) {
    return "No records.\n";
  }
  const rows = records
    .map(summaryOf)
    .map(({ time, severity, entity, change, link }) => [time, severity, entity, change, link]);
  return plainTable(["TIME", "SEVERITY", "ENTITY", "CHANGE", "LINK"], rows, width);
}
