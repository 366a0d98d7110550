import type { EnrichedEvent } from "../enrichment/enrichment.js";
import type { Attribute } from "./attributes.js";

/** What a mapping needs besides the event. */
export interface MappingContext {
  /** Origin of the tenant, for example `https://123123123123.uw2.portal.vectra.ai`. */
  readonly tenantUrl: string;
  /** Whether the strict profiles keep the event itself, as JSON, in `raw_data`. @default false */
  readonly rawData?: boolean;
}

/** A record of any profile: every OCSF event has a `time` in milliseconds since the epoch. */
export interface OcsfRecord {
  readonly time: number;
  readonly [attribute: string]: unknown;
}

/**
 * A mapping of a scoring event to an OCSF record: the declared columns and the mapping into them.
 * The schema is complete from the first object on, because Glue's crawler handles changes badly.
 */
export interface OcsfProfile {
  /** Name of the profile; fixed in a window's intent, so that a repeated window keeps its form. */
  readonly name: string;
  /** Security Lake's name of the OCSF class: what the custom source must be registered with. */
  readonly eventClass: "SECURITY_FINDING" | "DETECTION_FINDING";
  readonly classUid: number;
  /** OCSF version of the records, as in their `metadata.version`. */
  readonly version: string;
  readonly columns: readonly Attribute[];
  /** Pure: one event in, one record out. */
  readonly map: (event: EnrichedEvent, context: MappingContext) => OcsfRecord;
}
