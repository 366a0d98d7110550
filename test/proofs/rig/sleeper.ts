import type { ContainerOptions, RunOptions } from "./exporter.js";
import type { Step } from "./watched-exporter.js";

/** A run that fell asleep at one of its steps. */
export interface Sleeper {
  /** Whether it came so far; a run that ends before it never sleeps. */
  readonly asleep: boolean;
  /** Lets it continue. @returns when it has ended: with an error, or well. */
  wake(): Promise<"failed" | "ended">;
}

/** Starts a run and lets it fall asleep at its n-th step, from 0, or at the first one that is meant. */
export async function fallAsleep(
  run: (options: RunOptions & ContainerOptions) => Promise<unknown>,
  options: RunOptions,
  meant: number | ((step: Step) => boolean),
): Promise<Sleeper> {
  const waking = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<boolean>();
  let reached = 0;
  let slept = false;
  const reach = (step: Step) => {
    const here = typeof meant === "number" ? reached === meant : meant(step);
    reached += 1;
    if (slept || !here) {
      return;
    }
    slept = true;
    asleep.resolve(true);
    return waking.promise;
  };
  const ended = run({ ...options, reach }).then(
    () => "ended" as const,
    () => "failed" as const,
  );
  ended.then(() => asleep.resolve(false));
  return {
    asleep: await asleep.promise,
    wake: () => {
      waking.resolve();
      return ended;
    },
  };
}
