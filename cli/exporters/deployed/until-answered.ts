import { createWaiter, WaiterState } from "@smithy/util-waiter";

/** How often to ask AWS, and the deadline. */
export interface Polling {
  readonly intervalSeconds: number;
  readonly deadlineSeconds: number;
}

/**
 * Asks AWS repeatedly until it answers.
 *
 * @param ask makes an attempt; undefined means not yet.
 * @param late message at the deadline: what may still be running in AWS, and how to continue.
 * @throws Error with `late` at the deadline, and at once for any error of an attempt.
 */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer | undefined>,
  { intervalSeconds, deadlineSeconds }: Polling,
  late: string,
): Promise<Answer> {
  const answers: Answer[] = [];
  await createWaiter(
    { client: undefined, minDelay: intervalSeconds, maxDelay: intervalSeconds, maxWaitTime: deadlineSeconds },
    undefined,
    async () => {
      const answer = await ask();
      if (answer === undefined) {
        return { state: WaiterState.RETRY };
      }
      answers.push(answer);
      return { state: WaiterState.SUCCESS };
    },
  );
  const [answer] = answers;
  if (answer === undefined) {
    throw new Error(late);
  }
  return answer;
}
