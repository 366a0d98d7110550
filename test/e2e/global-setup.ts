import { checkovEnvironment, pythonEnvironment } from "./python-environment.js";

/** Once before all files: they run side by side, and none of them must find an environment half made. */
export async function setup(): Promise<void> {
  await pythonEnvironment();
  await checkovEnvironment();
}
