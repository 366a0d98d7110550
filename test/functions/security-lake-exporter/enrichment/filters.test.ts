import { describe, expect, it } from "vitest";
import { isSevereEnough, isWanted } from "../../../../functions/security-lake-exporter/enrichment/filters.js";
import { anEnrichedEvent, anEvent } from "../events.js";

const ALL = { accounts: "all", prioritizedOnly: false } as const;

describe("an event", () => {
  it.each([
    ["AWS:111122223333/role:build-agent", "aws", true],
    ["O365:someone@example.com", "aws", false],
    [null, "aws", true],
    ["O365:someone@example.com", "all", true],
  ] as const)("of account %s is wanted from %s accounts: %s", (name, accounts, wanted) => {
    expect(isWanted(anEvent({ name }), { ...ALL, accounts })).toBe(wanted);
  });

  it.each([
    [true, true],
    [false, false],
    [null, true],
  ])("that is prioritized: %s is wanted where only those are: %s", (is_prioritized, wanted) => {
    expect(isWanted(anEvent({ is_prioritized }), { ...ALL, prioritizedOnly: true })).toBe(wanted);
  });

  it.each([
    ["Medium", "High", false],
    ["High", "High", true],
    ["Critical", "High", true],
    ["Low", undefined, true],
    ["Catastrophic", "Critical", true],
  ] as const)("of severity %s is severe enough for %s: %s", (severity, minimumSeverity, enough) => {
    expect(isSevereEnough(anEnrichedEvent({ severity }), { ...ALL, minimumSeverity })).toBe(enough);
  });
});
