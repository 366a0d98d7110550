import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { anEvent } from "../../functions/security-lake-exporter/events.js";

/** Answers as somebody would send them who wants the function to run out of memory, or to wait for ever. */

const MEGABYTE = 1_000_000;

/** An event that is as documented, but for some fields. */
export function eventOf(id: number, fields: object = {}): string {
  return JSON.stringify({ ...anEvent({ id, entity_id: id }), ...fields });
}

export function page(events: readonly string[], next: number, remaining = 0): string {
  return `{"events":[${events.join(",")}],"next_checkpoint":${next},"remaining_count":${remaining}}`;
}

/** A page of one event that has more in it. */
function pageOfOne(field: string): string {
  return page([eventOf(1).replace("{", `{${field},`)], 2);
}

export const MILLION_EVENTS = page(Array(1_000_000).fill("{}"), 5);
export const NESTING = "[".repeat(3.9 * MEGABYTE);
export const NESTING_IN_EVENT = pageOfOne(
  `"deep":${"[".repeat(1.9 * MEGABYTE)}${"]".repeat(1.9 * MEGABYTE)}`,
);
export const SMALL_NUMBERS = pageOfOne(`"many":[${"1,".repeat(1.9 * MEGABYTE)}1]`);
export const HUGE_KEY = pageOfOne(`"${"k".repeat(3.9 * MEGABYTE)}":1`);
export const HUGE_STRINGS = page(
  [eventOf(1, { name: `AWS:${"n".repeat(1.9 * MEGABYTE)}`, category: "c".repeat(1.9 * MEGABYTE) })],
  2,
);
export const HUGE_EVENT = page([eventOf(1, { urgency_reason: "x".repeat(3.9 * MEGABYTE) })], 2);

/** Objects of which no two have the same fields: each costs a hidden class of its own. */
export function differentObjects(count: number, name: string): string {
  return Array.from({ length: count }, (_, index) => `{"${name}${index.toString(36)}":1}`).join(",");
}

const BLANKS = Buffer.from(`{"events":[${" ".repeat(300 * MEGABYTE)}`);
/** What 300 MB become. */
export const BOMBS = {
  gzip: () => gzipSync(BLANKS, { level: 9 }),
  br: () => brotliCompressSync(BLANKS.subarray(0, 100 * MEGABYTE)),
  zstd: () => zstdCompressSync(BLANKS),
};

/** Sends the same again and again, as fast as it is read, until there are so many bytes or nobody reads. */
export async function sendMuch(
  response: ServerResponse,
  chunk: Buffer,
  bytes = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    if (!response.write(chunk)) {
      await writable(response);
    }
  }
  response.end();
}

/** Headers without end. */
export async function sendHeaders({ socket }: IncomingMessage): Promise<void> {
  socket.write("HTTP/1.1 200 OK\r\n");
  while (!socket.destroyed) {
    if (!socket.write(`x-more: ${"h".repeat(8_000)}\r\n`)) {
      await writable(socket);
    }
  }
}

/** Waits until more can be written, or nobody reads any more. */
async function writable(stream: Writable): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      stream.off("drain", go).off("close", go);
      resolve();
    };
    stream.on("drain", go).on("close", go);
  });
}
