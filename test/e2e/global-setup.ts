import { pythonEnvironment } from "./python-environment.js";

/** Once before all files, which run side by side: two of them must not make one environment at the same time. */
export async function setup(): Promise<void> {
  await pythonEnvironment();
}
