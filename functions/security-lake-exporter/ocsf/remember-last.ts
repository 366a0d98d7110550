/**
 * Memoizes the last result of a function whose argument is nearly always the same as the one before. Equal
 * results are then one object, shared by thousands of records.
 */
export function rememberLast<Argument, Result>(
  find: (argument: Argument) => Result,
): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result } | undefined;
  return (argument) => {
    if (last === undefined || last.argument !== argument) {
      last = { argument, result: find(argument) };
    }
    return last.result;
  };
}
