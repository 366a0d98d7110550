/** Seed of everything random: that of the environment variable FUZZ_SEED, or another one each time. */
export function randomSeed(): number {
  const given = process.env["FUZZ_SEED"];
  return given === undefined ? Date.now() % 2 ** 31 : Number.parseInt(given, 10);
}
