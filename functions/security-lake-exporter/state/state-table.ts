/** A value of an item. */
export type StateValue = string | number | boolean | null | { readonly [name: string]: StateValue };

/** The attributes of an item, without its key. */
export type Attributes = Readonly<Record<string, StateValue>>;

/** Where an item is: hash key, and the range key by which its partition is sorted. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export interface StateItem extends ItemKey {
  readonly attributes: Attributes;
}

/** Something that an attribute may have to be before an item is changed. */
export type Condition =
  | { readonly attribute: string; readonly absent: true }
  | { readonly attribute: string; readonly equals: string | number }
  | { readonly attribute: string; readonly below: number }
  | { readonly attribute: string; readonly above: number };

/** A change of one item. */
export interface StateUpdate {
  readonly set?: Attributes;
  /** Attributes that take over what another one was before the update, or null where that was absent. */
  readonly copy?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
  /** Of each group, one condition must hold. */
  readonly when?: readonly (readonly Condition[])[];
}

/**
 * Where the exporter keeps what it must not forget. DynamoDB in AWS; a file on the machine of somebody who runs
 * the exporter from the command line. Everything that makes an export exactly once rests on {@link update} being
 * atomic and durable.
 */
export interface StateTable {
  /**
   * Changes an item, or makes it where there is none.
   *
   * @returns its attributes afterwards; undefined where a condition does not hold, and then nothing has changed.
   */
  update(key: ItemKey, update: StateUpdate): Promise<Attributes | undefined>;
  /** The items of those range keys, as far as they exist, as they are now. */
  read(pk: string, sks: readonly string[]): Promise<readonly StateItem[]>;
  /** Every item whose range key begins so, by range key, as it is now. */
  query(pk: string, prefix: string): Promise<readonly StateItem[]>;
  delete(key: ItemKey): Promise<void>;
}

/** Where the state of one export is kept. */
export interface ExportState {
  readonly table: StateTable;
  /** Hash key of everything that is kept for a tenant and version of its API: {@link partitionKeyOf}. */
  readonly pk: string;
  /** A backfill, by its name; the live export has none. */
  readonly job?: string | undefined;
}

/** Cursors of two API versions do not mix, so each has a partition of its own. */
export function partitionKeyOf({ name, api }: { readonly name: string; readonly api: string }): string {
  return `${name}#${api}`;
}

/** A range key: what kind of item it is, of which job, and what follows. */
export function sortKeyOf(
  kind: "checkpoint" | "score" | "quarantine" | "discarded",
  { job }: Pick<ExportState, "job">,
  ...rest: readonly string[]
): string {
  return [kind, ...(job === undefined ? [] : [job]), ...rest].join("#");
}
