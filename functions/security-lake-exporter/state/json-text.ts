/** Far more than any event has, and far fewer than would overflow the stack in JSON.stringify. */
const MAX_LEVELS = 100;

/**
 * JSON of something that a tenant sent. JSON.parse reads any depth of nesting, JSON.stringify fails on a large one: values
 * nested deeper than 100 levels are left out, and a placeholder says so.
 */
export function jsonText(json: unknown): string {
  return JSON.stringify(isWithin(MAX_LEVELS, json) ? json : cutBelow(MAX_LEVELS, json));
}

function isWithin(levels: number, json: unknown): boolean {
  if (typeof json !== "object" || json === null) {
    return true;
  }
  return levels > 0 && Object.values(json).every((value) => isWithin(levels - 1, value));
}

function cutBelow(levels: number, json: unknown): unknown {
  if (typeof json !== "object" || json === null) {
    return json;
  }
  if (levels === 0) {
    return "(nested too deeply)";
  }
  return Array.isArray(json)
    ? json.map((value) => cutBelow(levels - 1, value))
    : Object.fromEntries(Object.entries(json).map(([name, value]) => [name, cutBelow(levels - 1, value)]));
}
