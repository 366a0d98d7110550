import { visibleText } from "../../../text/visible-text.js";

/** Maximum number of characters of a tenant's own text to show. */
const SHOWN = 300;
/** Maximum number of elements of a list, of fields of an object, and of levels of nesting to read. */
const LOOKED_INTO = 3;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The tenant's own explanation of an error. Its errors come in several shapes, HTML among them; only text from a known field
 * is used: `detail`, `errors`, `_meta.message`, `message`, `title`, `error` and `error_description`.
 *
 * @returns undefined where there is none. The text is unfiltered: {@link shownReason} makes it safe to show.
 */
export function reasonIn(body: string): string | undefined {
  try {
    return reasonOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** The same, for a response that has been parsed. */
export function reasonOf(json: unknown): string | undefined {
  if (!isObject(json)) {
    return undefined;
  }
  const { detail, errors, _meta, message, title, error, error_description } = json;
  const ofClient = [error, error_description]
    .map((part) => textOf(part))
    .filter((part) => part !== undefined);
  return [detail, errors, isObject(_meta) ? _meta["message"] : undefined, message, title]
    .map((part) => textOf(part))
    .concat(ofClient.length === 0 ? undefined : ofClient.join(": "))
    .find((reason) => reason !== undefined);
}

/**
 * A text from the tenant, or one that may quote it, made safe to show: without sent values, truncated to a few lines,
 * control characters escaped.
 */
export function shownReason(reason: string, mask: (text: string) => string): string {
  const masked = [...mask(reason)];
  return visibleText(masked.length > SHOWN ? `${masked.slice(0, SHOWN).join("")}...` : masked.join(""));
}

function textOf(value: unknown, levels = LOOKED_INTO): string | undefined {
  if (typeof value === "string") {
    return value === "" ? undefined : value;
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (levels === 0 || typeof value !== "object" || value === null) {
    return undefined;
  }
  const parts = Array.isArray(value)
    ? elementTexts(value, levels - 1)
    : fieldTexts(value as Fields, levels - 1);
  return parts.length === 0 ? undefined : parts.join("; ");
}

function elementTexts(list: readonly unknown[], levels: number): string[] {
  return list
    .slice(0, LOOKED_INTO)
    .map((element) => textOf(element, levels))
    .filter((text) => text !== undefined);
}

/** The object's own sentence, or its fields one by one. */
function fieldTexts(fields: Fields, levels: number): string[] {
  const { message, msg, title, detail, description } = fields;
  const sentence = [message, msg, title, detail, description]
    .map((part) => textOf(part, levels))
    .find((text) => text !== undefined);
  if (sentence !== undefined) {
    return [sentence];
  }
  return Object.entries(fields)
    .slice(0, LOOKED_INTO)
    .flatMap(([name, value]) => {
      const text = textOf(value, levels);
      return text === undefined ? [] : [`${name}: ${text}`];
    });
}

function isObject(json: unknown): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
