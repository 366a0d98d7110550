/** The tenant's response without a fault: a status and a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a proxy, or a portal in maintenance, sends with status 200 in place of a response. */
export const MAINTENANCE_PAGE = "<!doctype html><html><body><h1>We will be back shortly</h1></body></html>";
