/** The tenant's response without a fault: a status and a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
