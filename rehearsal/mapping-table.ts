import type { LakeRecord } from "./lake.js";

/**
 * The rows of Vectra's "OCSF Field Mapping Table" (article "Amazon Security Lake Integration"), in its order.
 * The exporter's own list is not used here, so that a row missing from it is noticed.
 */
const ROWS = [
  "activity",
  "activity_id",
  "category_name",
  "category_uid",
  "class_name",
  "class_uid",
  "finding.title",
  "finding.src_url",
  "finding.uid",
  "finding.supporting_data.assignment",
  "finding.supporting_data.last_detection_href",
  "finding.supporting_data.last_detection_type",
  "finding.supporting_data.last_detection_id",
  "finding.supporting_data.active_detection_types",
  "message",
  "metadata.version",
  "metadata.product.lang",
  "metadata.product.uid",
  "metadata.product.vendor_name",
  "metadata.product.name",
  "time",
  "severity",
  "severity_id",
  "status_detail",
  "state_id",
  "type_uid",
  "type_name",
] as const;

/** A row of the table with its value in the record; undefined if the record has none. */
export interface MappedField {
  readonly field: string;
  readonly value: unknown;
}

/** Every row of the mapping table with its value in a record. */
export function mappedFields(record: LakeRecord): MappedField[] {
  const decoded = {
    ...record,
    finding: { ...record.finding, supporting_data: supportingData(record) },
  };
  return ROWS.map((field) => ({ field, value: valueAt(decoded, field.split(".")) }));
}

/**
 * The most informative record: an account that is assigned, with a last detection, and a score whose direction is
 * known. Undefined for an empty lake.
 */
export function mostTelling(records: readonly LakeRecord[]): LakeRecord | undefined {
  const rank = (record: LakeRecord): number => {
    const { assignment, last_detection_id } = supportingData(record);
    const directionKnown = /increase|decrease/i.test(record.status_detail);
    return Number(assignment != null) + Number(last_detection_id != null) + Number(directionKnown);
  };
  return records.toSorted((a, b) => rank(b) - rank(a))[0];
}

function supportingData(record: LakeRecord): Record<string, unknown> {
  return JSON.parse(record.finding.supporting_data) as Record<string, unknown>;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    value,
  );
}
