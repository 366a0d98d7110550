import { Command } from "commander";
import type { ExporterTarget } from "../../exporters/exporter-target.js";
import type { Streams } from "../../terminal/streams.js";
import { UsageError } from "../../usage-error.js";
import { oneTenantOf, withTarget } from "../choose-target.js";
import { utcTime } from "../option-values.js";
import { addChangeOptions, type ChangeOptions, makeChange, reasonOf, stateOf } from "./change.js";

interface OverlapOptions extends ChangeOptions {
  readonly since: string;
}

export function overlapCommand(streams: Streams): Command {
  const command = new Command("overlap")
    .description("Choose from when on events are written when the version of the events API changes")
    .requiredOption(
      "--since <time>",
      "UTC: a day (2026-01-31) or a second (2026-01-31T18:30:00Z); earlier events are in the lake",
      utcTime,
    );
  return addChangeOptions(
    command,
    'vectra-cdr checkpoint overlap --since 2026-01-31T18:30:00Z --reason "first release with keys" --function vectra-cdr-exporter',
  ).action((options: OverlapOptions) =>
    withTarget(options, "write", streams, (target) => overlap(target, options, streams)),
  );
}

async function overlap(target: ExporterTarget, options: OverlapOptions, streams: Streams): Promise<void> {
  reasonOf(options);
  const { since } = options;
  const time = Date.parse(since);
  if (time > Date.now()) {
    throw new UsageError(`--since (${since}) is in the future: every event before it would be left out.`);
  }
  const tenant = oneTenantOf(target, options.tenant);
  const before = await stateOf(target, tenant);
  if (before.nextFrom === undefined) {
    throw new Error(`The export of ${tenant.name} has not begun: there is no overlap to choose.`);
  }
  await makeChange(target, options, streams, {
    tenant,
    before,
    question:
      `Begin at ${since} when the version of the events API of ${tenant.name} changes? Earlier events that are not in the lake ` +
      "will be missing from it; later ones that are in the lake, and not known to be, will be in it twice.",
    make: async (checkpoint, note, state) => {
      await checkpoint.chooseOverlap(time, note, state);
      return { since };
    },
    report: ({ by }) => `the next change of the API begins at ${since}, chosen by ${by}; reason recorded`,
  });
}
