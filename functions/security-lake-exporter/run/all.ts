/**
 * Waits for all of them, also where one fails: nothing of a run continues when it has ended.
 *
 * @throws the error of the first in the list that failed.
 */
export async function all<Results extends readonly unknown[]>(
  work: {
    readonly [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as Results;
}
