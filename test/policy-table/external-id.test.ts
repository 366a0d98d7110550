import { describe, expect, it } from "vitest";
import { conditionOn } from "./evaluator.js";
import { ASSUME, question, vectraWith } from "./requests.js";
import { documentsOf, EXTERNAL_ID } from "./scenario.js";

const VECTRA_WITHOUT = vectraWith(undefined, "no External ID");

describe("The trust policy", () => {
  it("lets Vectra in under one condition, and that is its External ID: no other one will do", async () => {
    expect(await conditionOn("sts:ExternalId", question(documentsOf(), VECTRA_WITHOUT, ASSUME))).toEqual({
      operator: "StringEquals",
      key: "sts:ExternalId",
      values: [EXTERNAL_ID],
    });
  });
});
