import { JsonScan } from "./json-scan.js";

/** Maximum size of a response: no more of it is kept and parsed, however much is sent. */
export interface AnswerLimits {
  /** Bytes, decompressed. */
  readonly bytes: number;
  /** JSON values: in memory, each may take a hundred times its bytes in JSON. */
  readonly values: number;
  /** Elements of a list that is a field of the response itself, such as `events`. @default - as many as values */
  readonly elements?: number;
}

/** Only one sentence of an error is shown; an HTML page that is longer than this has none. */
const ERROR_BYTES = 64_000;

/** Size of a response. */
export type AnswerSize = Readonly<Record<"bytes" | "values", number>>;

/** A response that may be parsed, or how it is too long. */
export type Answer = { readonly text: string; readonly size: AnswerSize } | TooLongAnswer;

interface TooLongAnswer {
  /** In words: `more than 4 MB`. */
  readonly excess: string;
  /** The part that has been read. */
  readonly bytes: Buffer;
  /** Whether all bytes have been read, and only the values are too many. */
  readonly isComplete: boolean;
}

/** Reads the body of a response and counts while it arrives; an endless body is cut off. */
export async function readAnswer(response: Response, limits: AnswerLimits): Promise<Answer> {
  const scan = new JsonScan();
  const { bytes, isWhole } = await readBytes(response, limits.bytes, (chunk) => scan.push(chunk));
  const tooLong = (most: string, isComplete = false) => ({ excess: `more than ${most}`, bytes, isComplete });
  if (!isWhole) {
    return tooLong(limits.bytes < 1_000_000 ? `${limits.bytes / 1000} kB` : `${limits.bytes / 1_000_000} MB`);
  }
  if (scan.values >= limits.values) {
    return tooLong(`${limits.values.toLocaleString("en-US")} values`, true);
  }
  if (limits.elements !== undefined && scan.separators >= limits.elements) {
    return tooLong(`${limits.elements.toLocaleString("en-US")} elements in a list`);
  }
  return { text: textOf(bytes), size: { bytes: bytes.length, values: scan.values } };
}

/** The body of an error; empty where it is too long to hold a sentence. */
export async function readError(response: Response): Promise<string> {
  const { bytes, isWhole } = await readBytes(response, ERROR_BYTES);
  return isWhole ? textOf(bytes) : "";
}

/** Discards a response unread. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

/** Reads a body until it exceeds `most` bytes; the rest is not requested. */
async function readBytes(
  { body }: Response,
  most: number,
  take: (chunk: Uint8Array) => void = () => undefined,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > most) {
      // Leaving the loop cancels the body, which ends the connection.
      return { bytes: Buffer.concat(chunks), isWhole: false };
    }
    take(chunk);
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks, length), isWhole: true };
}

/** Without a byte order mark, which JSON.parse does not accept. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
