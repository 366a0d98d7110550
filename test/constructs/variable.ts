import { type TerraformStack, TerraformVariable } from "cdktf";

/** A string that Terraform learns only when it runs: `${var.<name>}` in the synthesized text. */
export function variable(stack: TerraformStack, name: string): string {
  return new TerraformVariable(stack, name, { type: "string" }).stringValue;
}

/** The same for a number. */
export function numberVariable(stack: TerraformStack, name: string): number {
  return new TerraformVariable(stack, name, { type: "number" }).numberValue;
}
