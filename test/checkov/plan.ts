import { type Attributes, resourcesOf } from "../e2e/terraform-json.js";

/** As much of `terraform show -json` of a plan as Checkov reads. */
export interface Plan {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources: readonly PlannedResource[] } };
}

interface PlannedResource {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly values: Attributes;
}

/** Arguments of the AWS provider that are maps; any other object in Terraform's JSON is a block. */
const maps: ReadonlySet<string> = new Set(["tags", "variables", "dimensions"]);

/**
 * A synthesized stack in the shape of its plan, for Checkov. Of Terraform's JSON itself Checkov judges hardly a
 * policy, because CDKTF writes policies as text; in a plan they always are text.
 *
 * @param stack content of `cdk.tf.json`. References in it stay as they are; Checkov takes them for values.
 */
export function planOf(stack: Attributes): Plan {
  const resources = resourcesOf(withoutData(stack)).map(({ address, type, declared }) => ({
    address,
    mode: "managed" as const,
    type,
    name: address.slice(type.length + 1),
    values: blocksAsLists(declared),
  }));
  return {
    format_version: "1.2",
    terraform_version: "1.11.0",
    planned_values: { root_module: { resources } },
  };
}

/** Data sources, imports and variables create nothing that could be judged. */
function withoutData({ resource }: Attributes): Attributes {
  return { resource };
}

function blocksAsLists(block: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(block).map(([argument, value]) => [
      argument,
      maps.has(argument) || typeof value !== "object" || value === null
        ? value
        : [value].flat().map((item: unknown) => (isBlock(item) ? blocksAsLists(item) : item)),
    ]),
  );
}

function isBlock(item: unknown): item is Attributes {
  return typeof item === "object" && item !== null;
}
