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

/** A condition on an attribute for a change of its item. */
export type Condition =
  | { readonly attribute: string; readonly absent: true }
  | { readonly attribute: string; readonly equals: string | number }
  | { readonly attribute: string; readonly below: number }
  | { readonly attribute: string; readonly above: number };

/** A change of an item that depends on another one: new attributes, or its deletion. */
export type DependentChange =
  | { readonly key: ItemKey; readonly set: Attributes }
  | { readonly key: ItemKey; readonly remove: true };

/** An item, and what must hold of it. */
export interface Fence {
  readonly key: ItemKey;
  /** At least one condition of each group must hold. */
  readonly when: readonly (readonly Condition[])[];
}

/** A change of one item. */
export interface StateUpdate {
  readonly set?: Attributes;
  /** Attributes that take the value that another one had before the update, or null where that was absent. */
  readonly copy?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
  /** At least one condition of each group must hold. */
  readonly when?: readonly (readonly Condition[])[];
}

/**
 * Where the exporter keeps its state: DynamoDB in AWS, a local file for an exporter that runs from the command line.
 * Everything that makes an export exactly once relies on {@link update} being atomic and durable.
 */
export interface StateTable {
  /**
   * Changes an item, or creates it where there is none.
   *
   * @returns its attributes afterwards; undefined where a condition does not hold and nothing has changed.
   */
  update(key: ItemKey, update: StateUpdate): Promise<Attributes | undefined>;
  /** The existing items of those range keys, read consistently. */
  read(pk: string, sks: readonly string[]): Promise<readonly StateItem[]>;
  /** Every item whose range key has that prefix, in the order of the range keys, read consistently. */
  query(pk: string, prefix: string): Promise<readonly StateItem[]>;
  /** Shows every item whose range key has that prefix, in the order of the range keys, read consistently; keeps none. */
  forEach(pk: string, prefix: string, show: (item: StateItem) => void): Promise<void>;
  /**
   * Items whose range key has that prefix, the last range key first, read consistently.
   *
   * @param isEnough is asked after each page of items, with all of them so far; `true` ends the search.
   */
  latest(
    pk: string,
    prefix: string,
    isEnough: (items: readonly StateItem[]) => boolean,
  ): Promise<readonly StateItem[]>;
  /** The range keys with that prefix, in their order, read consistently. */
  keys(pk: string, prefix: string): Promise<readonly string[]>;
  /**
   * Makes changes in atomic groups, each only while the fence holds.
   *
   * @returns false once the fence does not hold: the rest is not changed.
   */
  changeWhile(fence: Fence, changes: readonly DependentChange[]): Promise<boolean>;
  delete(key: ItemKey): Promise<void>;
  /** Stores bytes, at most {@link MAX_PIECE_BYTES}, in an item that has nothing else; its content is never returned by a change. */
  putBytes(key: ItemKey, bytes: Uint8Array): Promise<void>;
  /** The bytes of those items that exist, by range key, read consistently. */
  readBytes(pk: string, sks: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** DynamoDB's limit of an item is 400 KB. */
export const MAX_PIECE_BYTES = 350_000;

/** Where the state of one export is kept. */
export interface ExportState {
  readonly table: StateTable;
  /** Hash key of all items of a tenant: see `home.ts`. */
  readonly pk: string;
  /** Name of a backfill; the live export has none. */
  readonly job?: string | undefined;
}

/** A range key: the kind of item, the backfill if any, and the rest. */
export function sortKeyOf(
  kind: "checkpoint" | "score" | "quarantine" | "discarded",
  { job }: Pick<ExportState, "job">,
  ...rest: readonly string[]
): string {
  return [kind, ...(job === undefined ? [] : [job]), ...rest].join("#");
}

/** Cursors and sequence numbers are padded, so that the order of the range keys is theirs. */
export function padded(number: number): string {
  return String(number).padStart(16, "0");
}
