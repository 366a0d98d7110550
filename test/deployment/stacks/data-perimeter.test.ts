import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, ROLE } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";
import { only, synthesized } from "../synthesized.js";

const PERIMETER_TAGS =
  '{ create: { perimeterTags: { "dp:exclude:identity": "true", "dp:exclude:network": "true" } } }';
const OUR_ROLE = "arn:aws:iam::222222222222:role/vectra-cdr-log-reader";

/** A deployment in an organization whose role for Vectra has perimeter tags. */
function organizationFile(organization = ""): string {
  return cloudTrailFile({
    accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
    organizationId: `o-a1b2c3d4e5${organization}`,
    role: PERIMETER_TAGS,
  });
}

describe("GIVEN a data perimeter around the organization", () => {
  it("WHEN Vectra's role has perimeter tags THEN it alone has them", () => {
    const { stacks } = synthesized(
      cloudTrailFile({ role: PERIMETER_TAGS, trail: "{ create: { cloudWatchLogs: {} } }" }),
    );
    const stack = stacks["log-archive"];

    expect(stack?.resource["aws_iam_role"]?.["vectra-role_role"]).toMatchObject({
      tags: { "dp:exclude:identity": "true", "dp:exclude:network": "true" },
    });
    expect(JSON.stringify(stack).match(/"dp:exclude:identity":"true"/g)).toHaveLength(1);
    expect(stack?.provider.aws[0]).toMatchObject({ default_tags: [{ tags: {} }] });
  });

  it("THEN the statement that lets Vectra assume the role is printed, with its account and the role's tags", () => {
    const { summaries } = synthesized(organizationFile());

    const [perimeter, ...others] = summaries[0]?.toDo ?? [];
    expect(others).toEqual([]);
    expect(perimeter?.what).toBe(
      `The organization's resource control policies (RCP) must allow Vectra's account 999999999999 to assume ${OUR_ROLE}: ` +
        "compare each Deny of sts:AssumeRole with this statement, in which any one of the keys below StringNotEqualsIfExists exempts. " +
        "Service control policies (SCP) must not deny the role's own requests from Vectra's networks, " +
        "nor Terraform's tagging with dp:exclude:identity, dp:exclude:network.",
    );
    expect(JSON.parse(perimeter?.text ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
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
              "aws:ResourceTag/dp:exclude:network": "true",
            },
            BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
          },
        },
      ],
    });
  });

  it("WHEN the role exists, or has no tags THEN the statement names Vectra's account", () => {
    const { summaries } = synthesized(
      existingFile({
        organizationId: "o-a1b2c3d4e5\n  organization: { dataPerimeter: true }",
        role: `{ existing: { arn: "${ROLE}" } }`,
        logKey: "",
      }),
    );

    const perimeter = summaries[0]?.toDo.at(-1);
    expect(perimeter?.what).toContain(`must allow Vectra's account 999999999999 to assume ${ROLE}: `);
    expect(perimeter?.what).toMatch(/from Vectra's networks\.$/);
    expect(JSON.parse(perimeter?.text ?? "").Statement[0].Condition.StringNotEqualsIfExists).toEqual({
      "aws:PrincipalOrgID": "o-a1b2c3d4e5",
      "aws:PrincipalAccount": ["999999999999"],
    });
  });

  it("WHEN nothing is said of one, or that there is none THEN nothing is printed and the role has no tags", () => {
    const silent = synthesized(cloudTrailFile());
    const denied = synthesized(organizationFile("\n  organization: { dataPerimeter: false }"));

    expect(silent.summaries[0]?.toDo).toEqual([]);
    expect(denied.summaries[0]?.toDo).toEqual([]);
    expect(only(silent.stacks["log-archive"], "aws_iam_role")).not.toHaveProperty("tags");
  });

  it.each([
    ["a tag of the stack", 'aws\ntags: { "DP:exclude:identity": "x" }', '{ "dp:exclude:identity": "true" }'],
    ["another of them", "aws", '{ "DP:exclude:identity": "true", "dp:exclude:identity": "true" }'],
  ])(
    "WHEN a perimeter tag differs from %s in case only THEN it is refused at its line",
    (_, partition, tags) => {
      expect(
        onlyDiagnosticOf(cloudTrailFile({ partition, role: `{ create: { perimeterTags: ${tags} } }` })),
      ).toMatchObject({
        field: "cloudTrail.role.create.perimeterTags.dp:exclude:identity",
        problem: 'differs from "DP:exclude:identity" in case only, and IAM refuses a role with both',
      });
    },
  );

  it("WHEN it is spelled like a tag of the stack THEN the role's own value counts", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        partition: 'aws\ntags: { "dp:exclude:identity": "false" }',
        role: '{ create: { perimeterTags: { "dp:exclude:identity": "true" } } }',
      }),
    );
    expect(only(stacks["log-archive"], "aws_iam_role")["tags"]).toEqual({ "dp:exclude:identity": "true" });
  });
});
