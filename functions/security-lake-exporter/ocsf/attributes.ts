import type { Column } from "../parquet/schema.js";

/*
 * A profile's columns, declared as OCSF attributes: besides its type, each says whether OCSF requires it, which
 * ids it may hold, and which Vectra fields it comes from. The conformance gate and the mapping tables read this.
 */

/** What OCSF and the mapping table say about a column. */
export interface AttributeRules {
  /**
   * The source of the value, in the words of the mapping table; Vectra's fields in backquotes. Structs and
   * lists of structs have none: their own attributes do.
   */
  readonly from?: string;
  /** For an attribute that is an OCSF enumeration. */
  readonly ids?: Ids;
  /** For a struct: attributes of which one must be present. */
  readonly atLeastOne?: readonly string[];
  /** For a string that holds JSON, of any length. */
  readonly json?: true;
}

/** The ids that an attribute may hold. */
export interface Ids {
  readonly captions: Readonly<Record<number, string>>;
  /** The attribute beside it that holds the caption. */
  readonly captionIn?: string;
}

/** What makes a column an OCSF attribute. */
interface Declared {
  readonly rules: AttributeRules & {
    /** Whether a record, or the struct that it belongs to, is invalid without it. */
    readonly required: boolean;
  };
}

type Leaf = Exclude<Column, { type: "struct" | "list" | "stringMap" }>;
/** The types that an attribute may have. */
export type AttributeColumn =
  | Leaf
  | Extract<Column, { type: "stringMap" }>
  | AttributeStruct
  | { readonly name: string; readonly type: "list"; readonly element: Leaf | AttributeStruct };
interface AttributeStruct {
  readonly name: string;
  readonly type: "struct";
  readonly fields: readonly Attribute[];
}

/** A declared column, and in structs and lists the attributes in it. */
export type Attribute = AttributeColumn & Declared;

/** The source of a value that is the same for every event. */
export const FIXED = "fixed";

/** An attribute without which a record, or the struct that it belongs to, is invalid. */
export const required = <const C extends AttributeColumn>(
  column: C,
  rules: AttributeRules = {},
): C & Declared => ({ ...column, rules: { ...rules, required: true } });

/** An attribute that may be null. */
export const optional = <const C extends AttributeColumn>(
  column: C,
  rules: AttributeRules = {},
): C & Declared => ({ ...column, rules: { ...rules, required: false } });
