import { Leaf, misfit, type Shredder } from "./leaf.js";
import type { Column } from "./schema.js";

/*
 * Takes records apart into leaves, as Dremel and Parquet do it. One walk over each record fills all leaves, so that
 * a record is in the processor's cache once and not once for each of its leaves.
 */

/** A row of the file: an attribute for each declared column. */
export type ParquetRecord = Readonly<Record<string, unknown>>;

/**
 * @returns the leaves of the columns, in the order of the file's schema, with the records in them.
 * @throws TypeError where a struct, list or map is declared and something else given.
 */
export function shred(columns: readonly Column[], records: readonly ParquetRecord[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const top: Place = { path: [], definition: 0, repetition: 0 };
  const row = new StructShredder(
    top,
    columns.map((column) => fieldOf(column, top, leaves)),
  );
  for (const record of records) {
    row.store(record, 0);
  }
  return leaves;
}

/** A place in the file's schema: its path, and the levels of something that is there. */
interface Place {
  readonly path: readonly string[];
  readonly definition: number;
  readonly repetition: number;
}

interface Field {
  readonly name: string;
  readonly shredder: Shredder;
}

/** @param leaves gets the leaves of the column. */
function fieldOf(column: Column, { path, definition, repetition }: Place, leaves: Leaf[]): Field {
  const place = { path: [...path, column.name], definition: definition + 1, repetition };
  return { name: column.name, shredder: shredderFor(column, place, leaves) };
}

function shredderFor(column: Column, place: Place, leaves: Leaf[]): Shredder {
  const { path, definition, repetition } = place;
  const leaf = (type: Leaf["type"], at: Place) => {
    const added = new Leaf(type, at.path, at.definition, at.repetition);
    leaves.push(added);
    return added;
  };
  switch (column.type) {
    case "struct":
      return new StructShredder(
        place,
        column.fields.map((field) => fieldOf(field, place, leaves)),
      );
    case "list": {
      // Two more levels: a place in the list, and something in that place.
      const element = {
        path: [...path, "list", "element"],
        definition: definition + 2,
        repetition: repetition + 1,
      };
      return new ListShredder(place, shredderFor(column.element, element, leaves));
    }
    case "stringMap": {
      const entry = { path: [...path, "key_value"], definition: definition + 1, repetition: repetition + 1 };
      return new MapShredder(
        place,
        // A key is always there, so the entry's level is its own.
        leaf("string", { ...entry, path: [...entry.path, "key"] }),
        leaf("string", { ...entry, path: [...entry.path, "value"], definition: entry.definition + 1 }),
      );
    }
    default:
      return leaf(column.type, place);
  }
}

class StructShredder implements Shredder {
  readonly #place: Place;
  readonly #fields: readonly Field[];

  constructor(place: Place, fields: readonly Field[]) {
    this.#place = place;
    this.#fields = fields;
  }

  store(value: unknown, repetitionLevel: number): void {
    if (value === null || value === undefined) {
      this.storeNull(this.#place.definition - 1, repetitionLevel);
      return;
    }
    if (!isRecord(value)) {
      throw misfit(this.#place.path, value, "a struct");
    }
    for (const { name, shredder } of this.#fields) {
      shredder.store(value[name], repetitionLevel);
    }
  }

  storeNull(definitionLevel: number, repetitionLevel: number): void {
    for (const { shredder } of this.#fields) {
      shredder.storeNull(definitionLevel, repetitionLevel);
    }
  }
}

class ListShredder implements Shredder {
  readonly #place: Place;
  readonly #element: Shredder;

  constructor(place: Place, element: Shredder) {
    this.#place = place;
    this.#element = element;
  }

  store(value: unknown, repetitionLevel: number): void {
    const { path, definition, repetition } = this.#place;
    if (value === null || value === undefined) {
      this.storeNull(definition - 1, repetitionLevel);
      return;
    }
    if (!Array.isArray(value)) {
      throw misfit(path, value, "a list");
    }
    if (value.length === 0) {
      this.storeNull(definition, repetitionLevel);
    }
    value.forEach((item, index) => {
      this.#element.store(item, index === 0 ? repetitionLevel : repetition + 1);
    });
  }

  storeNull(definitionLevel: number, repetitionLevel: number): void {
    this.#element.storeNull(definitionLevel, repetitionLevel);
  }
}

class MapShredder implements Shredder {
  readonly #place: Place;
  readonly #keys: Leaf;
  readonly #values: Leaf;

  constructor(place: Place, keys: Leaf, values: Leaf) {
    this.#place = place;
    this.#keys = keys;
    this.#values = values;
  }

  store(value: unknown, repetitionLevel: number): void {
    const { path, definition, repetition } = this.#place;
    if (value === null || value === undefined) {
      this.storeNull(definition - 1, repetitionLevel);
      return;
    }
    if (!isRecord(value)) {
      throw misfit(path, value, "a map of strings");
    }
    const entries = Object.entries(value);
    if (entries.length === 0) {
      this.storeNull(definition, repetitionLevel);
    }
    entries.forEach(([key, content], index) => {
      const level = index === 0 ? repetitionLevel : repetition + 1;
      this.#keys.store(key, level);
      this.#values.store(content, level);
    });
  }

  storeNull(definitionLevel: number, repetitionLevel: number): void {
    this.#keys.storeNull(definitionLevel, repetitionLevel);
    this.#values.storeNull(definitionLevel, repetitionLevel);
  }
}

function isRecord(value: unknown): value is ParquetRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
