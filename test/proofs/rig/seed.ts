/** Seed of everything random: that of the environment variable, or another one each time. */
export function randomSeed(variable: "FUZZ_SEED" | "KILL_SEED" = "FUZZ_SEED"): number {
  const given = process.env[variable];
  return given === undefined ? Date.now() % 2 ** 31 : Number.parseInt(given, 10);
}
