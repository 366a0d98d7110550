/** A resource that a plan would touch. */
export interface Change {
  /** `aws_cloudtrail.trail_trail` */
  readonly address: string;
  readonly type: string;
  /** Terraform's own words: `create`, `update`, `delete`, `read`. */
  readonly actions: readonly string[];
  /** Top-level attributes that differ, or that are not known before the apply; sorted. */
  readonly attributes: readonly string[];
}

/** A difference that an emulator causes and AWS would not: the resource type, its attributes and the cause. */
export interface KnownDrift {
  readonly type: string;
  readonly attributes: readonly string[];
  readonly reason: string;
}

/** The part of `terraform show -json <plan>` that is looked at. */
export interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: ValueChange;
  }[];
  readonly output_changes?: Readonly<Record<string, ValueChange>>;
}

interface ValueChange {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
}

/**
 * Everything that a plan would change, outputs included.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export function changesOf(plan: Plan): readonly Change[] {
  const resources = (plan.resource_changes ?? []).map(({ address, type, change }) => ({
    address,
    type,
    actions: change.actions,
    attributes: differingAttributes(change),
  }));
  const outputs = Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
    address: `output.${name}`,
    type: "output",
    actions: change.actions,
    attributes: ["value"],
  }));
  return [...resources, ...outputs].filter(({ actions }) => actions.some((action) => action !== "no-op"));
}

/** The changes that no known drift explains: anything but an update in place of the listed attributes. */
export function unexplained(changes: readonly Change[], known: readonly KnownDrift[]): readonly Change[] {
  return changes.filter(({ type, actions, attributes }) => {
    const explained = known.filter((drift) => drift.type === type).flatMap((drift) => drift.attributes);
    const inPlace = actions.length === 1 && actions[0] === "update";
    return !inPlace || attributes.length === 0 || attributes.some((name) => !explained.includes(name));
  });
}

/** One line for a person: `aws_sqs_queue.x: update of policy`. */
export function described({ address, actions, attributes }: Change): string {
  return `${address}: ${actions.join(" and ")}${attributes.length === 0 ? "" : ` of ${attributes.join(", ")}`}`;
}

function differingAttributes({ before, after, after_unknown }: ValueChange): readonly string[] {
  const [old, planned, unknown] = [before, after, after_unknown].map((value) =>
    typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {},
  );
  const names = new Set([
    ...Object.keys(old ?? {}),
    ...Object.keys(planned ?? {}),
    ...Object.keys(unknown ?? {}),
  ]);
  return [...names]
    .filter((name) => holdsUnknown(unknown?.[name]) || !equal(old?.[name], planned?.[name]))
    .sort();
}

/** `after_unknown` mirrors the value's shape, with true where something is unknown. */
function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return value === true;
  }
  return Object.values(value).some(holdsUnknown);
}

/** Null and absent are the same to Terraform. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return (a ?? null) === (b ?? null);
  }
  if (Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    equal(left[key], right[key]),
  );
}
