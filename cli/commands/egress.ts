import { Command, Option } from "commander";
import { plainTable } from "../../command-line/table.js";
import {
  BRAIN_ENDPOINTS,
  BRAIN_ENDPOINTS_SOURCE,
  type BrainEndpoint,
  type BrainRegion,
} from "../../facts/brain-endpoints.js";
import { jsonDocument } from "../terminal/json.js";
import type { Streams } from "../terminal/streams.js";

/** Formats the chosen endpoints, with a newline at the end. */
type Format = (endpoints: readonly BrainEndpoint[], width: number | undefined) => string;

const { port, document, date } = BRAIN_ENDPOINTS_SOURCE;
const SOURCE = `${document}, edition of ${date}`;

/** A new format is one function and one line here. */
const FORMATS: Readonly<Record<string, Format>> = {
  table: asTable,
  json: asJson,
  csv: asCsv,
  terraform: asTerraform,
};

interface Options {
  readonly region?: BrainRegion[];
  readonly format: string;
  readonly json?: true;
}

/**
 * `vectra-cdr egress`: the hosts and addresses that a Vectra Brain must reach (Quadrant UX only), for firewalls
 * outside AWS.
 */
export function egressCommand({ out, width }: Streams): Command {
  const regions = BRAIN_ENDPOINTS.map(({ region }) => region);
  return new Command("egress")
    .description("Hosts and addresses that a Vectra Brain must reach (Quadrant UX only)")
    .addOption(
      new Option(
        "-r, --region <region...>",
        "where your data sources are deployed (default: all regions)",
      ).choices(regions),
    )
    .addOption(
      new Option("-f, --format <format>", "output format").choices(Object.keys(FORMATS)).default("table"),
    )
    .addOption(new Option("--json", "short for --format json").conflicts("format"))
    .addHelpText(
      "after",
      "\nExamples:\n  vectra-cdr egress --region eu\n  vectra-cdr egress --region eu us --format terraform > vectra.tf\n",
    )
    .allowExcessArguments(false)
    .action(({ region, format, json }: Options) => {
      const chosen = BRAIN_ENDPOINTS.filter((endpoint) => region?.includes(endpoint.region) ?? true);
      out((FORMATS[json === true ? "json" : format] ?? asTable)(chosen, width));
    });
}

function rows(endpoints: readonly BrainEndpoint[]): string[][] {
  return endpoints.flatMap(({ region, host, addresses }) =>
    addresses.map((address) => [region, host, address, String(port)]),
  );
}

function asTable(endpoints: readonly BrainEndpoint[], width: number | undefined): string {
  const table = plainTable(["REGION", "HOST", "ADDRESS", "TCP PORT"], rows(endpoints), width);
  return `${table}\nSource: ${SOURCE}. Vectra changes it without notice.\n`;
}

function asJson(endpoints: readonly BrainEndpoint[]): string {
  const json = {
    source: { document, date },
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, port })),
  };
  return jsonDocument(json);
}

function asCsv(endpoints: readonly BrainEndpoint[]): string {
  return [["region", "host", "address", "port"], ...rows(endpoints)]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

/** Locals, which work with any firewall provider. */
function asTerraform(endpoints: readonly BrainEndpoint[]): string {
  const entries = endpoints.map(
    ({ region, host, addresses }) =>
      `    ${region} = {\n` +
      `      host  = "${host}"\n` +
      `      cidrs = [${addresses.map((address) => `"${address}/32"`).join(", ")}]\n` +
      `      port  = ${port}\n` +
      "    }\n",
  );
  return `# Source: ${SOURCE}.\nlocals {\n  vectra_brain_egress = {\n${entries.join("")}  }\n}\n`;
}
