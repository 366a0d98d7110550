/*
 * Columns as Security Lake's own samples declare them: nullable, signed integers only (readers take
 * unsigned ones for negative numbers), JSON as strings, lists with the standard three levels.
 */

/** What a leaf holds. */
export type LeafType = "string" | "int32" | "int64" | "boolean";

interface Leaf<Name extends string, Type extends LeafType> {
  readonly name: Name;
  readonly type: Type;
}
interface Struct<Name extends string, Fields extends readonly Column[]> {
  readonly name: Name;
  readonly type: "struct";
  readonly fields: Fields;
}
interface List<Name extends string, Element extends Column> {
  readonly name: Name;
  readonly type: "list";
  readonly element: Element;
}
interface StringMap<Name extends string> {
  readonly name: Name;
  readonly type: "stringMap";
}

/** A declared column: a leaf, a struct of columns, a list of one kind of element, or a map of strings. */
export type Column =
  | Leaf<string, LeafType>
  | StringMap<string>
  | { readonly name: string; readonly type: "struct"; readonly fields: readonly Column[] }
  | { readonly name: string; readonly type: "list"; readonly element: Column };

/**
 * The record that fits a list of columns. A missing struct, list or map is null, never a struct of nulls;
 * an empty list or map is a value of its own.
 */
export type RecordOf<Columns extends readonly Column[]> = {
  readonly [C in Columns[number] as C["name"]]: ValueOf<C> | null;
};
type ValueOf<C extends Column> = C extends { readonly type: "struct"; readonly fields: infer Fields }
  ? Fields extends readonly Column[]
    ? RecordOf<Fields>
    : never
  : C extends { readonly type: "list"; readonly element: infer Element }
    ? Element extends Column
      ? readonly ValueOf<Element>[]
      : never
    : C extends { readonly type: "stringMap" }
      ? Readonly<Record<string, string>>
      : C extends { readonly type: "string" }
        ? string
        : C extends { readonly type: "boolean" }
          ? boolean
          : number;

export const string = <const Name extends string>(name: Name): Leaf<Name, "string"> => ({
  name,
  type: "string",
});
export const boolean = <const Name extends string>(name: Name): Leaf<Name, "boolean"> => ({
  name,
  type: "boolean",
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
/**
 * A list of leaves or structs. Its element is called `element`, as the Parquet specification asks:
 * `list("types", string("element"))`.
 */
export const list = <const Name extends string, const Element extends Column & { readonly name: "element" }>(
  name: Name,
  element: Element,
): List<Name, Element> => ({ name, type: "list", element });
/** MAP<string,string>, which is what Security Lake's sources use for `unmapped`. */
export const stringMap = <const Name extends string>(name: Name): StringMap<Name> => ({
  name,
  type: "stringMap",
});
