import type { StateTable } from "../../../../functions/security-lake-exporter/state/state-table.js";

/** A table that is another one, each of whose calls is made by a function; single methods can be replaced. */
export function decorated(
  table: StateTable,
  make: <Result>(call: () => Promise<Result>) => Promise<Result> = (call) => call(),
): StateTable {
  return {
    update: (key, update) => make(() => table.update(key, update)),
    read: (pk, sks) => make(() => table.read(pk, sks)),
    query: (pk, prefix) => make(() => table.query(pk, prefix)),
    forEach: (pk, prefix, show) => make(() => table.forEach(pk, prefix, show)),
    latest: (pk, prefix, isEnough) => make(() => table.latest(pk, prefix, isEnough)),
    keys: (pk, prefix) => make(() => table.keys(pk, prefix)),
    changeWhile: (fence, changes) => make(() => table.changeWhile(fence, changes)),
    delete: (key) => make(() => table.delete(key)),
    putBytes: (key, bytes) => make(() => table.putBytes(key, bytes)),
    readBytes: (pk, sks) => make(() => table.readBytes(pk, sks)),
  };
}
