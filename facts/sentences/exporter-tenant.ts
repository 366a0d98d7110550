import { LAG_MARGIN_SECONDS } from "../options/exporter.js";
import type { ACCUMULATE_OPTIONS, FILTER_OPTIONS, TENANT_OPTIONS } from "../options/exporter-tenant.js";
import type { SentencesOf } from "./sentences.js";

export const TENANT_SENTENCES: SentencesOf<typeof TENANT_OPTIONS> = {
  name: {
    description: "Your name for the tenant. Never change it later: it is the key of the tenant's checkpoint.",
  },
  url: { description: "Address of the tenant's Vectra UI." },
  partitionAccountId: { description: "Account id of the accountId= partition in the lake." },
  includeScoreDecreases: { description: "Also export events that lower a score." },
  start: {
    description: "Where the first run starts: at the tenant's oldest event, or with events from now on.",
  },
  api: {
    description:
      "Version of the events API that the tenant serves; v3 is the path without a minor version, /api/v3/. After a change, the export continues with the new version.",
    remedy: "Use the version that the tenant serves.",
  },
  profile: {
    description:
      "OCSF profile of the records; vectra is the product's own table. It decides the event class of the custom source, " +
      "one for all tenants.",
  },
  rawData: { description: "Keep the original event in raw_data (strict profiles only)." },
  partitionBy: {
    description:
      "fixed: every event in the partition of partitionAccountId; event: in that of the AWS account in the event's name.",
  },
  assignmentRequired: {
    description:
      "Let an account look-up that keeps failing stop the run. Otherwise the event is exported without its assignment.",
  },
};

export const FILTER_SENTENCES: SentencesOf<typeof FILTER_OPTIONS> = {
  accounts: {
    description: "all: every account type that Vectra scores; aws: only AWS accounts.",
  },
  prioritizedOnly: { description: "Export only events that Vectra marks as prioritized." },
  minimumSeverity: {
    description: "The lowest severity that is exported. Default: every severity.",
    remedy: "Omit it for every severity.",
  },
};

export const ACCUMULATE_SENTENCES: SentencesOf<typeof ACCUMULATE_OPTIONS> = {
  maxAgeSeconds: {
    description: `Age of the oldest waiting event at which a run writes, at most lagThresholdSeconds minus ${LAG_MARGIN_SECONDS} seconds.`,
    remedy: "Security Lake expects objects at least once a day; omit `accumulate` to write in every run.",
  },
  maxEvents: {
    description: "Number of waiting events at which a run writes.",
    remedy: "Omit `accumulate` to write in every run.",
  },
};
