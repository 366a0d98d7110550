/** What the tenant answers when nothing goes wrong: a status and a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
