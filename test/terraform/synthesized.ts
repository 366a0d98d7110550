import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The parts of a stack's Terraform JSON that the leg reads. */
export interface Synthesized {
  readonly terraform: {
    readonly required_providers: { readonly aws: { readonly source: string; readonly version: string } };
  };
  readonly provider: {
    readonly aws: readonly {
      readonly region: string;
      readonly assume_role?: readonly { readonly role_arn: string }[];
    }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** @param folder of the stack. */
export function synthesizedIn(folder: string): Synthesized {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}
