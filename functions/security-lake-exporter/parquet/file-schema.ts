import type { SchemaElement } from "hyparquet";
import type { Column, LeafType } from "./schema.js";

/** The file's schema, parents before children. */
export function schemaElements(columns: readonly Column[]): SchemaElement[] {
  return [{ name: "schema", num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

function elementsOf(column: Column): SchemaElement[] {
  const optional = { name: column.name, repetition_type: "OPTIONAL" } as const;
  switch (column.type) {
    case "struct":
      return [{ ...optional, num_children: column.fields.length }, ...column.fields.flatMap(elementsOf)];
    case "list":
      return [
        { ...optional, num_children: 1, converted_type: "LIST", logical_type: { type: "LIST" } },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...elementsOf(column.element),
      ];
    case "stringMap":
      return [
        { ...optional, num_children: 1, converted_type: "MAP", logical_type: { type: "MAP" } },
        { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
        { name: "key", repetition_type: "REQUIRED", ...PHYSICAL.string },
        { name: "value", repetition_type: "OPTIONAL", ...PHYSICAL.string },
      ];
    default:
      return [{ ...optional, ...PHYSICAL[column.type] }];
  }
}

/** How Parquet stores what a leaf holds. */
export const PHYSICAL = {
  // Both annotations: readers of Parquet 1.x know only the converted type.
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  boolean: { type: "BOOLEAN" },
} as const satisfies Record<LeafType, Partial<SchemaElement>>;
