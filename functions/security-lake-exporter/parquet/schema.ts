/*
 * Columns as Security Lake's own samples declare them: nullable, signed integers only (readers take
 * unsigned ones for negative numbers), JSON as strings.
 */

interface Leaf<Name extends string, Type extends "string" | "int32" | "int64"> {
  readonly name: Name;
  readonly type: Type;
}
interface Struct<Name extends string, Fields extends readonly Column[]> {
  readonly name: Name;
  readonly type: "struct";
  readonly fields: Fields;
}

/** A declared column: a leaf, or a struct of columns. */
export type Column =
  | Leaf<string, "string">
  | Leaf<string, "int32">
  | Leaf<string, "int64">
  | { readonly name: string; readonly type: "struct"; readonly fields: readonly Column[] };

/** The record that fits a list of columns: a missing struct is null, never a struct of nulls. */
export type RecordOf<Columns extends readonly Column[]> = {
  readonly [C in Columns[number] as C["name"]]: ValueOf<C> | null;
};
type ValueOf<C extends Column> = C extends { readonly type: "struct"; readonly fields: infer Fields }
  ? Fields extends readonly Column[]
    ? RecordOf<Fields>
    : never
  : C extends { readonly type: "string" }
    ? string
    : number;

export const string = <const Name extends string>(name: Name): Leaf<Name, "string"> => ({
  name,
  type: "string",
});
export const int32 = <const Name extends string>(name: Name): Leaf<Name, "int32"> => ({
  name,
  type: "int32",
});
/** 64 bits in the file, a JavaScript number in the record: milliseconds and ids stay below 2^53. */
export const int64 = <const Name extends string>(name: Name): Leaf<Name, "int64"> => ({
  name,
  type: "int64",
});
export const struct = <const Name extends string, const Fields extends readonly Column[]>(
  name: Name,
  fields: Fields,
): Struct<Name, Fields> => ({ name, type: "struct", fields });
