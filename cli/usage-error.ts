/** The command line is wrong in a way that only shows once all of it has been read. The exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
