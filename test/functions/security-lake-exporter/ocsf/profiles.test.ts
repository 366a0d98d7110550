import { describe, expect, it } from "vitest";
import { PROFILE_EVENT_CLASSES } from "../../../../facts/profiles.js";
import {
  DEFAULT_PROFILE,
  PROFILES,
  profileNamed,
} from "../../../../functions/security-lake-exporter/ocsf/profiles.js";

describe("the profiles", () => {
  it("are three, and the product's own table is the default", () => {
    expect(
      PROFILES.map(({ name, eventClass, classUid, version }) => [name, eventClass, classUid, version]),
    ).toEqual([
      ["vectra", "SECURITY_FINDING", 2001, "1.0.0"],
      ["security-finding-1.1", "SECURITY_FINDING", 2001, "1.1.0"],
      ["detection-finding-1.3", "DETECTION_FINDING", 2004, "1.3.0"],
    ]);
    expect(DEFAULT_PROFILE).toBe("vectra");
  });

  it("are known to the constructs with their event classes, which sources are registered with", () => {
    expect(PROFILE_EVENT_CLASSES).toEqual(
      Object.fromEntries(PROFILES.map(({ name, eventClass }) => [name, eventClass])),
    );
  });

  it("are found by name", () => {
    expect(profileNamed("detection-finding-1.3").classUid).toBe(2004);
    expect(() => profileNamed("detection-finding-1.9")).toThrow(
      "Unknown OCSF profile detection-finding-1.9. Use one of vectra, security-finding-1.1, " +
        "detection-finding-1.3. A window that another version of the function started must be completed by that " +
        "version.",
    );
  });
});
