import { describe, expect, it } from "vitest";
import { identityPerimeterWithVectra } from "../../../constructs/cloudtrail/data-perimeter.js";

describe("GIVEN an identity perimeter", () => {
  it("WHEN it knows Vectra THEN account or tag exempts, and AWS's own services stay exempt", () => {
    expect(
      identityPerimeterWithVectra({
        organizationId: "o-a1b2c3d4e5",
        vectraAccountId: "999999999999",
        perimeterTags: { "dp:exclude:identity": "true" },
      }),
    ).toEqual({
      Sid: "EnforceOrgIdentities",
      Effect: "Deny",
      Principal: "*",
      Action: "sts:AssumeRole",
      Resource: "*",
      Condition: {
        StringNotEqualsIfExists: {
          "aws:PrincipalOrgID": "o-a1b2c3d4e5",
          "aws:PrincipalAccount": ["999999999999"],
          "aws:ResourceTag/dp:exclude:identity": "true",
        },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    });
  });
});
