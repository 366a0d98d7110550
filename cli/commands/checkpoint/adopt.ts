import { Command } from "commander";
import type { ExporterTarget } from "../../exporters/exporter-target.js";
import type { Streams } from "../../terminal/streams.js";
import { oneTenantOf, withTarget } from "../choose-target.js";
import { addChangeOptions, type ChangeOptions, makeChange, reasonOf, stateOf } from "./change.js";

export function adoptCommand(streams: Streams): Command {
  const command = new Command("adopt").description(
    "Continue an export at the configured address: it is the same tenant, and the same event log",
  );
  return addChangeOptions(
    command,
    'vectra-cdr checkpoint adopt --reason "moved to another region" --lake ./lake --url https://new.portal.vectra.ai',
  ).action((options: ChangeOptions) =>
    withTarget(options, "adopt", streams, (target) => adopt(target, options, streams)),
  );
}

async function adopt(target: ExporterTarget, options: ChangeOptions, streams: Streams): Promise<void> {
  reasonOf(options);
  const tenant = oneTenantOf(target, options.tenant);
  const { origin } = new URL(tenant.url);
  const before = await stateOf(target, tenant);
  if (before.nextFrom === undefined) {
    throw new Error(`The export of ${tenant.name} has not begun: its first run records ${origin}.`);
  }
  if (before.origin === origin) {
    throw new Error(`The export of ${tenant.name} is from ${origin} already. Nothing was changed.`);
  }
  const from = before.origin ?? null;
  await makeChange<{ readonly from: string | null; readonly to: string }>(target, options, streams, {
    tenant,
    before,
    question:
      `Continue the export of ${tenant.name} at ${origin}, instead of ${from ?? "the address that an older release used"}? ` +
      `Only if both are the same tenant: from another one, events before cursor ${before.nextFrom} will be missing from the lake.`,
    make: async (checkpoint, note, state) => {
      await checkpoint.adopt(origin, note, state);
      target.remember?.(tenant.name);
      return { from, to: origin };
    },
    report: ({ by }) => `continues at ${origin}, adopted by ${by}; reason recorded`,
  });
}
