import { describe, expect, it } from "vitest";
import { eventsApi } from "../../functions/security-lake-exporter/vectra/apis.js";

const LEGACY_EVENT = {
  id: 12,
  entity_id: 8,
  name: "AWS:111122223333/role:build-agent",
  entity_type: "account",
  category: "ACCOUNT SCORING",
  severity: "High",
  urgency_score: 76,
  is_prioritized: true,
  entity_importance: 1,
  active_detection_types: ["AWS S3 Enumeration"],
  last_detection_id: 103,
  last_detection_type: "AWS S3 Enumeration",
  last_detection_url: "https://123123123123.uw2.portal.vectra.ai/detections/103",
  url: "https://123123123123.uw2.portal.vectra.ai/accounts/8",
  event_timestamp: "2025-01-31T20:10:08Z",
};

describe("the events API", () => {
  it("v3.4 asks for account events, with or without score decreases", () => {
    const api = eventsApi("v3.4");

    expect(api.eventsPath).toBe("/api/v3.4/events/entity_scoring");
    expect(api.query({ includeScoreDecreases: false })).toEqual({
      type: "account",
      include_score_decreases: false,
    });
    expect(api.accountPath(8)).toBe("/api/v3.4/accounts/8");
  });

  it.each(["v3.3", "v3.2", "v3.1", "v3.0"] as const)("%s is read into the form of v3.4", (name) => {
    const api = eventsApi(name);

    expect(api.eventsPath).toBe(`/api/${name}/events/account_scoring`);
    expect(api.accountPath(8)).toBe(`/api/${name}/accounts/8`);
    expect(api.query({ includeScoreDecreases: false })).toEqual({});
    expect(api.readEvent(LEGACY_EVENT)).toMatchObject({
      success: true,
      data: {
        id: 12,
        entity_id: 8,
        type: "account",
        importance: 1,
        last_detection: {
          id: 103,
          type: "AWS S3 Enumeration",
          url: "https://123123123123.uw2.portal.vectra.ai/detections/103",
        },
      },
    });
  });

  it("of a legacy version rejects what is no event", () => {
    expect(eventsApi("v3.3").readEvent("nonsense").success).toBe(false);
    expect(eventsApi("v3.3").readEvent({ id: 1 }).success).toBe(false);
  });
});
