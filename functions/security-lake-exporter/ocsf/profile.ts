import type { EnrichedEvent } from "../enrichment.js";
import type { Column } from "../parquet/schema.js";

/** What a mapping needs to know besides the event. */
interface MappingContext {
  /** Origin of the tenant, for example `https://123123123123.uw2.portal.vectra.ai`. */
  readonly tenantUrl: string;
}

/** A record of any profile: every OCSF event has a `time` in milliseconds since the epoch. */
export interface OcsfRecord {
  readonly time: number;
  readonly [attribute: string]: unknown;
}

/**
 * A way to write a scoring event as an OCSF record: the declared columns and the mapping into them.
 * The schema is complete from the first object on, because Glue's crawler follows changes badly.
 */
export interface OcsfProfile {
  /** Name of the profile; fixed in a window's intent, so that a repeated window keeps its form. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** Pure: one event in, one record out. */
  readonly map: (event: EnrichedEvent, context: MappingContext) => OcsfRecord;
}
