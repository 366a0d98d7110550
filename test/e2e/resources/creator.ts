import type { Declaration } from "../declaration.js";
import type { EmulatedClient } from "../ministack.js";
import type { Attributes } from "../terraform-json.js";

/** Where resources are created. */
export interface Account {
  /** 12 digits. */
  readonly id: string;
  /** Client settings of its root user; the region is the stack's. */
  readonly client: EmulatedClient;
  /** Address of the Security Lake stand-in, where a stack has something for it. */
  readonly securityLakeUrl?: string;
}

/**
 * Creates a resource as declared.
 *
 * @returns the attributes that Terraform would export besides the declared ones.
 */
export type Creator = (declaration: Declaration, account: Account) => Promise<Attributes>;
