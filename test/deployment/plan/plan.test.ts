import { describe, expect, it } from "vitest";
import { parseDeployment } from "../../../deployment/load.js";
import { type DeploymentPlan, planDeployment } from "../../../deployment/plan/plan.js";
import { cloudTrailFile, existingFile, KEY, ROLE } from "../cloudtrail-deployment.js";
import { securityLakeFile } from "../security-lake-deployment.js";
import { VALID_DEPLOYMENT } from "../valid-deployment.js";

function planOf(text: string): DeploymentPlan {
  return planDeployment(parseDeployment(text, "deployment.yaml"));
}

describe("GIVEN a deployment in an organization", () => {
  it("THEN the plan has accounts, names, ARNs and the one trail of the CloudTrail half", () => {
    expect(planOf(VALID_DEPLOYMENT).cloudTrail).toMatchObject({
      layout: "organization",
      logArchive: { id: "222222222222" },
      names: {
        trail: "vectra-cdr",
        logBucket: "vectra-cdr-logs-222222222222-eu-west-1",
        logKeyAlias: "vectra-cdr-logs",
        topic: "vectra-cdr-logs",
        vectraRole: "vectra-cdr-log-reader",
        trailLogGroup: "/aws/cloudtrail/vectra-cdr",
        trailLogGroupRole: "vectra-cdr-cloudwatch-logs",
      },
      vectraRoleArn: "arn:aws:iam::222222222222:role/vectra-cdr-log-reader",
      trails: [
        {
          account: {
            id: "111111111111",
            assumeRole: { roleArn: "arn:aws:iam::111111111111:role/terraform" },
          },
          ownerAccountId: "111111111111",
        },
      ],
    });
  });

  it("THEN it has account, region and names of the Security Lake half, and nothing of a Brain", () => {
    const { securityLake, brain } = planOf(VALID_DEPLOYMENT);

    expect(securityLake).toMatchObject({
      account: { id: "333333333333" },
      region: "eu-west-1",
      names: {
        customSource: "vectra-cdr",
        crawlerRole: "vectra-cdr-crawler",
        exporter: "vectra-cdr-exporter",
      },
    });
    expect(brain).toBeUndefined();
  });

  it("WHEN a delegated administrator creates the trail THEN it is the management account's all the same", () => {
    const text = cloudTrailFile({
      accounts: '{ cloudTrailAdministrator: { id: "444444444444" }, logArchive: { id: "222222222222" } }',
      organizationId: 'o-a1b2c3d4e5\n  organization: { managementAccountId: "111111111111" }',
    });

    expect(planOf(text).cloudTrail?.trails).toEqual([
      {
        account: { id: "444444444444" },
        ownerAccountId: "111111111111",
      },
    ]);
  });
});

describe("GIVEN member accounts", () => {
  it("THEN each has a trail of its own, and the role that Terraform assumes there", () => {
    const { cloudTrail } = planOf(
      cloudTrailFile({
        accounts:
          '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }, { id: "555555555552" }], membersAssumeRole: { roleName: terraform, path: /ci/ } }',
      }),
    );

    expect(cloudTrail?.layout).toBe("members");
    expect(cloudTrail?.trails.map(({ account, ownerAccountId }) => [account, ownerAccountId])).toEqual([
      [
        { id: "555555555551", assumeRole: { roleArn: "arn:aws:iam::555555555551:role/ci/terraform" } },
        "555555555551",
      ],
      [
        { id: "555555555552", assumeRole: { roleArn: "arn:aws:iam::555555555552:role/ci/terraform" } },
        "555555555552",
      ],
    ]);
    expect(cloudTrail?.logAccountIds).toEqual(["555555555551", "555555555552"]);
  });
});

describe("GIVEN what exists already", () => {
  it("THEN the plan has its names and ARNs, no trail, and the account of the existing one", () => {
    const { cloudTrail } = planOf(
      existingFile({ role: `{ existing: { arn: "${ROLE}" } }`, logKey: `{ existing: { arn: "${KEY}" } }` }),
    );

    expect(cloudTrail).toMatchObject({
      layout: "existing",
      trails: [],
      vectraRoleArn: ROLE,
      logAccountIds: ["111111111111"],
    });
  });

  it("WHEN the accounts of the log files are listed THEN those count", () => {
    const text = cloudTrailFile({ notification: '{ s3: { logAccountIds: ["666666666666"] } }' });

    expect(planOf(text).cloudTrail?.logAccountIds).toEqual(["666666666666"]);
  });
});

describe("GIVEN one part alone", () => {
  it("WHEN it is Security Lake in a region of its own THEN there is no CloudTrail half", () => {
    const plan = planOf(
      securityLakeFile({ lake: "region: eu-central-1" }).replace("lake-eu-west-1-", "lake-eu-central-1-"),
    );

    expect(plan.cloudTrail).toBeUndefined();
    expect(plan.securityLake).toMatchObject({ account: { id: "333333333333" }, region: "eu-central-1" });
  });

  it("WHEN it is a Brain THEN it has account, region and name", () => {
    const plan = planOf(
      [
        "name: vectra-cdr",
        "region: eu-west-1",
        'accounts: { brain: { id: "777777777777" } }',
        "brainEgress: { region: us-east-1, dataSourceRegions: [eu] }",
      ].join("\n"),
    );

    expect([plan.cloudTrail, plan.securityLake]).toEqual([undefined, undefined]);
    expect(plan.brain).toMatchObject({
      account: { id: "777777777777" },
      region: "us-east-1",
      name: "vectra-cdr-brain-egress",
    });
  });
});
