import { type Leaf, type Levels, misfit, type Place } from "./leaf.js";
import type { Column, LeafType } from "./schema.js";

/*
 * Shreds records into leaves, as Dremel and Parquet do, one column after the other: reading one attribute of
 * every record, and then the next, is several times as fast as reading every attribute of a record, and then the next.
 */

/** A row of the file: an attribute for each declared column. */
export type ParquetRecord = Readonly<Record<string, unknown>>;

/**
 * @returns the leaves of the columns, in the order of the file's schema, with the records in them.
 * @throws TypeError where a struct, list or map is declared and something else given.
 */
export function shred(columns: readonly Column[], records: readonly ParquetRecord[]): readonly Leaf[] {
  const levels = { definition: new Uint8Array(records.length), repetition: new Uint8Array() };
  return shredFields(columns, { values: records, levels }, { path: [], definition: 0, repetition: 0 });
}

/** What is in each slot of a place in the schema, null or undefined where nothing is, and what is above the place. */
interface Slots<T = unknown> {
  readonly values: readonly (T | null | undefined)[];
  /** Of the place above this one, where that is as far as something is there. */
  readonly levels: Levels;
}

function shredFields(
  fields: readonly Column[],
  { values: structs, levels }: Slots<ParquetRecord>,
  above: Place,
) {
  return fields.flatMap((field): Leaf[] => {
    const values = new Array<unknown>(structs.length);
    for (let slot = 0; slot < structs.length; slot += 1) {
      values[slot] = structs[slot]?.[field.name];
    }
    const place = { ...above, path: [...above.path, field.name], definition: above.definition + 1 };
    return shredColumn(field, { values, levels }, place);
  });
}

function shredColumn(column: Column, slots: Slots, place: Place): Leaf[] {
  switch (column.type) {
    case "struct": {
      const structs = allOf(slots.values, isRecord, place, "a struct");
      return shredFields(column.fields, { values: structs, levels: levelsAt(place, slots) }, place);
    }
    case "list": {
      const lists = allOf(slots.values, isList, place, "a list");
      // Two more levels: a place in the list, and something in that place.
      const element = below(place, ["list", "element"], 2);
      return shredColumn(column.element, itemsOf(lists, slots.levels, place), element);
    }
    case "stringMap": {
      const maps = allOf(slots.values, isRecord, place, "a map of strings");
      const partsOf = (parts: (map: ParquetRecord) => readonly unknown[]) =>
        itemsOf(
          maps.map((map) => map && parts(map)),
          slots.levels,
          place,
        );
      return [
        // A key is always there, so the entry's level is its own.
        leafOf("string", partsOf(Object.keys), below(place, ["key_value", "key"], 1)),
        leafOf("string", partsOf(Object.values), below(place, ["key_value", "value"], 2)),
      ];
    }
    default:
      return [leafOf(column.type, slots, place)];
  }
}

function leafOf(type: LeafType, slots: Slots, place: Place): Leaf {
  const values = slots.values.every(isThere) ? slots.values : slots.values.filter(isThere);
  return { type, place, values, levels: levelsAt(place, slots) };
}

/** The levels of slots at a place: its own where something is there, else those of what is above. */
function levelsAt(place: Place, { values, levels }: Slots): Levels {
  const definition = levels.definition.slice();
  for (let slot = 0; slot < values.length; slot += 1) {
    if (isThere(values[slot])) {
      definition[slot] = place.definition;
    }
  }
  return { definition, repetition: levels.repetition };
}

/** The items of all lists one after the other, and a slot without one for a list that is empty or not there. */
function itemsOf(lists: Slots<readonly unknown[]>["values"], above: Levels, place: Place): Slots {
  const slots = lists.reduce((sum: number, list) => sum + (list?.length || 1), 0);
  const values = new Array<unknown>(slots);
  const definition = new Uint8Array(slots);
  const repetition = new Uint8Array(slots).fill(place.repetition + 1);
  let next = 0;
  for (let slot = 0; slot < lists.length; slot += 1) {
    const list = lists[slot];
    // The first item continues the list that contains this list; further ones continue this list.
    repetition[next] = above.repetition[slot] ?? 0;
    if (list === null || list === undefined || list.length === 0) {
      values[next] = undefined;
      definition[next] = list ? place.definition : (above.definition[slot] ?? 0);
      next += 1;
    } else {
      for (const item of list) {
        values[next] = item;
        definition[next] = place.definition + 1;
        next += 1;
      }
    }
  }
  return { values, levels: { definition, repetition } };
}

function below({ path, definition, repetition }: Place, names: readonly string[], levels: number): Place {
  return { path: [...path, ...names], definition: definition + levels, repetition: repetition + 1 };
}

/** @throws TypeError unless the values that are present are of the declared type. */
function allOf<T>(
  values: readonly unknown[],
  is: (value: unknown) => value is T,
  { path }: Place,
  declared: string,
): Slots<T>["values"] {
  for (const value of values) {
    if (isThere(value) && !is(value)) {
      throw misfit(path, value, declared);
    }
  }
  return values as Slots<T>["values"];
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function isRecord(value: unknown): value is ParquetRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
