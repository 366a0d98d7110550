/** One resource block of a synthesized stack. */
export interface DeclaredResource {
  /** `aws_iam_role.exporter`, as Terraform calls it. */
  readonly address: string;
  readonly type: string;
  /** The block as written, references included, without Terraform's own arguments (lifecycle, depends_on, provider). */
  readonly declared: Readonly<Record<string, unknown>>;
  /** Addresses of the resources that must exist before this one. */
  readonly dependsOn: readonly string[];
}

/** What is known of a resource once it exists: its declared arguments and what AWS added. */
export type Attributes = Readonly<Record<string, unknown>>;

const evaluatedBlocks = new Set(["//", "terraform", "provider", "resource", "output"]);
/** What is imported is put as a whole, which is how AWS changes it, too; and a first apply has nothing to forget. */
const firstApplyBlocks = new Set(["import", "removed"]);
const terraformArguments = new Set(["//", "lifecycle", "depends_on", "provider"]);
const expression = /(?<!\$)\$\{([^}]*)\}/g;
const reference = /^(aws_\w+\.[\w-]+)((?:\.\w+|\[\d+\])+)$/;

/**
 * The resources of a synthesized stack, each after those that it refers to or depends on.
 *
 * @param stack content of `cdk.tf.json`.
 * @throws for a block that only Terraform can evaluate (data, locals, module, variable) and for a cycle.
 */
export function resourcesOf(stack: Attributes): readonly DeclaredResource[] {
  const unknown = Object.keys(stack).filter(
    (block) => !evaluatedBlocks.has(block) && !firstApplyBlocks.has(block),
  );
  if (unknown.length > 0) {
    throw new Error(`Only Terraform can evaluate the stack's blocks: ${unknown.join(", ")}.`);
  }
  const resources = Object.entries(stack["resource"] as Record<string, Record<string, Attributes>>).flatMap(
    ([type, blocks]) => Object.entries(blocks).map(([name, block]) => readBlock(type, name, block)),
  );
  return inOrder(resources);
}

/**
 * A value with every `${...}` in it replaced.
 *
 * @param attributes of the resources that exist, by address.
 * @param folder what `path.module` stands for.
 * @throws for a reference to anything that is not there, and for any other expression.
 */
export function resolve(
  value: unknown,
  attributes: ReadonlyMap<string, Attributes>,
  folder: string,
): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, attributes, folder));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolve(item, attributes, folder)]),
    );
  }
  if (typeof value !== "string") {
    return value;
  }
  const whole = /^\$\{([^}]*)\}$/.exec(value);
  if (whole?.[1] !== undefined) {
    return evaluate(whole[1], attributes, folder);
  }
  return value
    .replace(expression, (_, inner: string) => String(evaluate(inner, attributes, folder)))
    .replaceAll("$${", "${");
}

function readBlock(type: string, name: string, block: Attributes): DeclaredResource {
  const declared = Object.fromEntries(Object.entries(block).filter(([key]) => !terraformArguments.has(key)));
  const explicit = (block["depends_on"] as string[] | undefined) ?? [];
  return {
    address: `${type}.${name}`,
    type,
    declared,
    dependsOn: [...new Set([...explicit, ...referencesIn(declared)])],
  };
}

function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(expression)].flatMap(([, inner]) => {
    const address = reference.exec(inner ?? "")?.[1];
    return address === undefined ? [] : [address];
  });
}

function inOrder(resources: readonly DeclaredResource[]): readonly DeclaredResource[] {
  const ordered: DeclaredResource[] = [];
  const done = new Set<string>();
  let waiting = resources;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((address) => done.has(address)));
    if (ready.length === 0) {
      const stuck = waiting.map(({ address, dependsOn }) => `${address} -> ${dependsOn.join(", ")}`);
      throw new Error(`These resources form a cycle or refer to undeclared resources:\n${stuck.join("\n")}`);
    }
    for (const resource of ready) {
      ordered.push(resource);
      done.add(resource.address);
    }
    waiting = waiting.filter(({ address }) => !done.has(address));
  }
  return ordered;
}

function evaluate(inner: string, attributes: ReadonlyMap<string, Attributes>, folder: string): unknown {
  if (inner === "path.module") {
    return folder;
  }
  const parts = reference.exec(inner);
  if (parts?.[1] === undefined || parts[2] === undefined) {
    throw new Error(`\${${inner}}: only Terraform can evaluate this; expected a reference to an attribute.`);
  }
  let value: unknown = attributes.get(parts[1]);
  for (const [step] of parts[2].matchAll(/\w+/g)) {
    value = (value as Record<string, unknown> | undefined)?.[step];
  }
  if (value === undefined || value === null) {
    throw new Error(`\${${inner}}: ${parts[1]} has no such attribute here.`);
  }
  return value;
}
