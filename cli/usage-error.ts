/** The command line is wrong, which is only known once it has been read as a whole. The exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
