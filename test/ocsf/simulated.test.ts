import { describe, expect, it } from "vitest";
import { conformanceCheck } from "../../functions/security-lake-exporter/ocsf/conformance.js";
import { PROFILES, profileNamed } from "../../functions/security-lake-exporter/ocsf/profiles.js";
import { simulatedEvents, TENANT_URL } from "./simulated-events.js";

describe("5,000 simulated events", async () => {
  const events = await simulatedEvents(5000);

  it.each(PROFILES.map(({ name }) => name))("keep to the declaration of %s", (name) => {
    const profile = profileNamed(name);
    const violationsOf = conformanceCheck(profile);

    const violations = events.flatMap((event) =>
      violationsOf(profile.map(event, { tenantUrl: TENANT_URL, rawData: true })),
    );

    expect(violations).toEqual([]);
  });
});
