import { Runs } from "./runs.js";
import type { LeafType } from "./schema.js";

/** Where a value of a declared column goes: into a leaf, or on to the leaves below. */
export interface Shredder {
  /**
   * Stores a value, or its absence where it is null or undefined.
   *
   * @param repetitionLevel which list the value goes on with: 0 where it begins a record.
   * @throws TypeError where the value is not what the column declares.
   */
  store(value: unknown, repetitionLevel: number): void;
  /** Stores an absence that lies further up the way, where the definition level is the one given. */
  storeNull(definitionLevel: number, repetitionLevel: number): void;
}

/**
 * A leaf of the declared columns, and what it holds for a run of records. Only leaves are columns of the file:
 * structs, lists and maps are in it as two levels for each slot of a leaf. A slot is a place where a value could be,
 * one for each record, and below a list or map one for each item.
 */
export class Leaf implements Shredder {
  readonly type: LeafType;
  /** Names from the top of the file's schema to the leaf. */
  readonly path: readonly string[];
  /** Definition level of a value that is there; a lower one says how far up the way the null is. */
  readonly definitionLevel: number;
  /** Number of lists and maps on the way. */
  readonly repetitionLevel: number;

  /** The values that are there: an absent one has levels only. */
  readonly values = new Runs<unknown>();
  /** One for each slot. */
  readonly definitionLevels = new Runs<number>();
  /** One for each slot; none where no list or map is on the way, because all of them would be 0. */
  readonly repetitionLevels = new Runs<number>();

  constructor(type: LeafType, path: readonly string[], definitionLevel: number, repetitionLevel: number) {
    this.type = type;
    this.path = path;
    this.definitionLevel = definitionLevel;
    this.repetitionLevel = repetitionLevel;
  }

  store(value: unknown, repetitionLevel: number): void {
    if (value === null || value === undefined) {
      this.storeNull(this.definitionLevel - 1, repetitionLevel);
    } else {
      this.values.add(value);
      this.storeNull(this.definitionLevel, repetitionLevel);
    }
  }

  storeNull(definitionLevel: number, repetitionLevel: number): void {
    this.definitionLevels.add(definitionLevel);
    if (this.repetitionLevel > 0) {
      this.repetitionLevels.add(repetitionLevel);
    }
  }
}

/** The error for a value that is not what a column declares. The value itself is a customer's: it stays out. */
export function misfit(path: readonly string[], value: unknown, declared: string): TypeError {
  const found = Array.isArray(value) ? "array" : typeof value;
  return new TypeError(
    `Column ${path.join(".")} declares ${declared} and got a value of type ${found}: ` +
      "correct the mapping, or the declared columns of the profile.",
  );
}
