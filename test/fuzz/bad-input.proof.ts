import { describe } from "vitest";
import { randomSeed } from "../exactly-once/seed.js";
import { proveBadInput } from "./fuzz.js";

describe("bad input", () => {
  proveBadInput({ events: 10_000, seed: randomSeed() });
});
