import { describe, expect, it } from "vitest";
import { severityOf } from "../../../../functions/security-lake-exporter/ocsf/severity.js";
import { anEnrichedEvent } from "../events.js";

describe("severity", () => {
  it.each([
    ["Low", "Low", 2],
    ["Medium", "Medium", 3],
    ["High", "High", 4],
    ["Critical", "Critical", 5],
    ["critical", "Critical", 5],
    ["Catastrophic", "Unknown", 0],
  ])("of an event that says %s is %s (%i)", (stated, severity, severity_id) => {
    expect(severityOf(anEnrichedEvent({ severity: stated }))).toEqual({ severity, severity_id });
  });

  it.each([
    [49, 49, "Low", 2],
    [49, 50, "Medium", 3],
    [50, 49, "High", 4],
    [50, 50, "Critical", 5],
  ])(
    "of an event that says none is the quadrant of threat %i and certainty %i: %s",
    (threat, certainty, severity, severity_id) => {
      const event = anEnrichedEvent(
        { severity: null, urgency_score: 100 },
        { account: { id: 8, threat, certainty, assignment: null } },
      );

      expect(severityOf(event)).toEqual({ severity, severity_id });
    },
  );

  it("is unknown where neither event nor account says it, whatever the urgency", () => {
    const event = anEnrichedEvent(
      { severity: null, urgency_score: 100 },
      { account: { id: 8, threat: null, certainty: 90, assignment: null } },
    );

    expect(severityOf(event)).toEqual({ severity: "Unknown", severity_id: 0 });
  });
});
