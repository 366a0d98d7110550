// dynalite ships no types; this is the part of its API that we use.
declare module "dynalite" {
  import type { Server } from "node:http";

  /** An in-memory DynamoDB as an HTTP server that listens nowhere yet. */
  function dynalite(options: { createTableMs: number }): Server;
  export = dynalite;
}

declare module "dynalite/db/index.js" {
  /** Bytes of an item as DynamoDB counts them: names and values. */
  export function itemSize(item: object): number;
}
