/**
 * A function that keeps its last result, for questions that are nearly always the same as the one before. Equal
 * answers are then one object, of which thousands of records need no copy.
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
