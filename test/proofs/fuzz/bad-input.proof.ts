import { describe } from "vitest";
import { randomSeed } from "../rig/seed.js";
import { proveBadInput } from "./fuzz.js";

describe("bad input", () => {
  proveBadInput({ events: 10_000, seed: randomSeed() });
});
