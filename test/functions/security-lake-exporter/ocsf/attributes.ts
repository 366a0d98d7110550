/**
 * A record as its leaf attributes: `finding.uid`, `resources[0].name`, `metadata.profiles[0]`. A null is a leaf, so
 * that a test sees it.
 */
export function attributesOf(value: unknown, path = ""): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) {
    return Object.assign({}, ...value.map((element, index) => attributesOf(element, `${path}[${index}]`)));
  }
  if (typeof value === "object" && value !== null) {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.assign({}, ...Object.entries(value).map(([name, of]) => attributesOf(of, prefix + name)));
  }
  return { [path]: value };
}
