/** The fields of a record that a table shows, for any OCSF profile. */
export interface RecordSummary {
  /** ISO 8601. */
  readonly time: string;
  readonly severity: string;
  /** Name of the scored account, or its id if the profile has no name. */
  readonly entity: string;
  /** How its score moved. */
  readonly change: string;
  /** The account in the Vectra UI. */
  readonly link: string;
}

interface Finding {
  readonly uid?: unknown;
  readonly src_url?: unknown;
}

interface FindingRecord {
  readonly time?: unknown;
  readonly severity?: unknown;
  readonly status_detail?: unknown;
  /** Class 2001. */
  readonly finding?: Finding;
  /** Class 2004. */
  readonly finding_info?: Finding;
  readonly resources?: readonly { readonly name?: unknown }[];
}

export function summaryOf(record: Readonly<Record<string, unknown>>): RecordSummary {
  const { time, severity, status_detail, finding, finding_info, resources } = record as FindingRecord;
  const about = finding ?? finding_info;
  return {
    time: new Date(Number(time)).toISOString().replace(".000Z", "Z"),
    severity: textOf(severity),
    entity: textOf(resources?.[0]?.name ?? about?.uid),
    change: textOf(status_detail),
    link: textOf(about?.src_url),
  };
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "-" : String(value);
}
