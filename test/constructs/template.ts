import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack, Testing } from "cdktf";

type Json = Record<string, unknown>;

/** One resource of a synthesized stack. */
export interface SynthesizedResource {
  /** Second part of the Terraform address: `aws_s3_bucket.<name>`. */
  readonly name: string;
  readonly attributes: Json;
}

/** What a stack synthesizes to, with the questions that tests ask. */
export class Template {
  /** The whole configuration as text, to search for what must not be there. */
  readonly text: string;
  private readonly configuration: Record<string, Record<string, Record<string, Json>>>;

  constructor(text: string) {
    this.text = text;
    this.configuration = JSON.parse(text);
  }

  /** All resources of a type, in the order of their names. */
  resources(type: string): SynthesizedResource[] {
    const byName = this.configuration["resource"]?.[type] ?? {};
    return Object.entries(byName).map(([name, attributes]) => ({ name, attributes }));
  }

  /** Types of all resources, with how many there are of each. */
  resourceCounts(): Record<string, number> {
    const types = Object.keys(this.configuration["resource"] ?? {});
    return Object.fromEntries(types.map((type) => [type, this.resources(type).length]));
  }

  /** Attributes of the one resource of a type, or of the one with that name. */
  resource(type: string, name?: string): Json {
    const found = this.resources(type).filter((resource) => name === undefined || resource.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const names = this.resources(type).map((resource) => resource.name);
      throw new Error(`expected one ${type}${name ? ` named ${name}` : ""}, there are: ${names.join(", ")}`);
    }
    return only.attributes;
  }

  /** What is imported: Terraform address -> the id that the provider knows it by. */
  imports(): Record<string, string> {
    const blocks = (this.configuration["import"] ?? []) as unknown as { to: string; id: string }[];
    return Object.fromEntries(blocks.map(({ to, id }) => [to, id]));
  }

  /** Outputs by their names. */
  outputs(): Record<string, Json> {
    return (this.configuration["output"] ?? {}) as unknown as Record<string, Json>;
  }

  /** Every resource's Terraform address. */
  addresses(): string[] {
    return Object.keys(this.resourceCounts()).flatMap((type) =>
      this.resources(type).map(({ name }) => `${type}.${name}`),
    );
  }

  /** A policy document that a resource holds in `attribute`, parsed. */
  policy(type: string, options: { name?: string; attribute?: string } = {}): unknown {
    return JSON.parse(String(this.resource(type, options.name)[options.attribute ?? "policy"]));
  }
}

/**
 * Builds a stack and synthesizes it as an app would: validations run and annotated errors throw, both of
 * which `Testing.synth` passes over in silence by default.
 */
export function synthTemplate(build: (stack: TerraformStack) => void): Template {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  const errors = annotations(stack, "@cdktf/error");
  if (errors.length > 0) {
    throw new Error(errors.join("\n"));
  }
  return new Template(Testing.synth(stack, true));
}

/** What a stack warns of. */
export function warningsOf(build: (stack: TerraformStack) => void): string[] {
  const stack = new TerraformStack(Testing.app(), "stack");
  build(stack);
  return annotations(stack, "@cdktf/warn");
}

function annotations(stack: TerraformStack, kind: string): string[] {
  return stack.node
    .findAll()
    .flatMap((construct) => construct.node.metadata)
    .filter(({ type }) => type === kind)
    .map(({ data }) => String(data));
}
