import { describe, expect, it } from "vitest";
import {
  CustomSource,
  Exporter,
  type ExporterProps,
  type ExporterTenant,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { existingSource, requiredProps } from "./exporter-rig.js";

const required = requiredProps();
const table = { database: "security_lake_db", name: "ext_vectra" };
const CLOUDTRAIL = "cloud_trail_mgmt_2_0";

type Options = Pick<ExporterProps, "athenaQueries"> & Partial<Pick<ExporterTenant, "profile">>;

function synth({ athenaQueries, profile }: Options): Template {
  return synthTemplate(
    (stack) =>
      new Exporter(stack, "exporter", {
        ...required,
        tenants: required.tenants.map((tenant) => ({ ...tenant, profile })),
        customSource: existingSource({ table }),
        athenaQueries,
      }),
  );
}

function query(template: Template, id: string): string {
  return String(template.resource("aws_athena_named_query", `exporter_athena-queries_${id}`)["query"]);
}

describe("Athena queries", () => {
  it("are none by default", () => {
    expect(synth({}).resources("aws_athena_named_query")).toEqual([]);
  });

  it("are saved with name, description and the table's database, in the primary workgroup", () => {
    expect(
      synth({ athenaQueries: {} }).resource(
        "aws_athena_named_query",
        "exporter_athena-queries_new-criticals-today-vectra",
      ),
    ).toEqual({
      name: "vectra-exporter: new criticals today (vectra)",
      description: expect.stringContaining("Accounts whose severity became Critical today (UTC)"),
      workgroup: "primary",
      database: "security_lake_db",
      query: `WITH records AS (
  SELECT
    metadata.product.uid AS tenant,
    finding.uid AS account_id,
    severity_id,
    severity,
    status_detail,
    json_extract_scalar(finding.supporting_data, '$.last_detection_type') AS last_detection,
    json_extract_scalar(finding.supporting_data, '$.assignment') AS assignee,
    finding.src_url AS link,
    time,
    eventday
  FROM "security_lake_db"."ext_vectra"
  WHERE metadata.version = '1.0.0'
    AND eventday >= date_format(current_date - INTERVAL '30' DAY, '%Y%m%d')
),
steps AS (
  SELECT
    *,
    lag(severity_id) OVER (PARTITION BY tenant, account_id ORDER BY time) AS severity_id_before
  FROM records
)
SELECT
  from_unixtime(time / 1000) AS became_critical,
  tenant,
  account_id,
  last_detection,
  assignee,
  link
FROM steps
WHERE eventday = date_format(current_date - INTERVAL '0' DAY, '%Y%m%d')
  AND severity_id = 5
  AND coalesce(severity_id_before, 0) <> 5
ORDER BY became_critical DESC`,
    });
  });

  it("ask for what the profile has, where it has it", () => {
    const ofClass2001 = synth({ athenaQueries: {}, profile: "security-finding-1.1" });
    const ofClass2004 = synth({ athenaQueries: {}, profile: "detection-finding-1.3" });

    const common = [
      "metadata.product.uid AS tenant",
      "element_at(resources, 1).uid AS account_id",
      "element_at(resources, 1).name AS account",
      "risk_score AS score",
      "cloud.account.uid AS aws_account_id",
    ];
    for (const column of [
      ...common,
      String.raw`regexp_extract(element_at(resources, 1).name, '^AWS:\d{12}/[\w-]+:(.+)$', 1) AS aws_identity`,
      "analytic.name AS last_detection",
      "json_extract_scalar(finding.supporting_data, '$.assignment') AS assignee",
      "finding.src_url AS link",
      "WHERE metadata.version = '1.1.0'",
    ]) {
      expect(query(ofClass2001, "new-criticals-today-security-finding-1-1")).toContain(column);
    }
    for (const column of [
      ...common,
      "element_at(evidences, 1).user.name AS aws_identity",
      "finding_info.analytic.name AS last_detection",
      "element_at(unmapped, 'assignment.assigned_to.username') AS assignee",
      "finding_info.src_url AS link",
      "WHERE metadata.version = '1.3.0'",
    ]) {
      expect(query(ofClass2004, "new-criticals-today-detection-finding-1-3")).toContain(column);
    }
  });

  it("compare accounts by score where records have one, by severity and direction where not", () => {
    expect(
      query(
        synth({ athenaQueries: {}, profile: "detection-finding-1.3" }),
        "accounts-that-rose-most-detection-finding-1-3",
      ),
    ).toContain("SELECT score_now - score_before AS rise, *");
    expect(query(synth({ athenaQueries: {} }), "accounts-that-rose-most-vectra")).toContain(
      "ORDER BY severity_steps DESC, net_increases DESC",
    );
  });

  it("join CloudTrail's own table, once it is named", () => {
    const profile = "detection-finding-1.3" as const;
    const without = synth({ athenaQueries: {}, profile });
    const named = synth({ athenaQueries: { cloudTrailTable: CLOUDTRAIL }, profile });

    expect(without.resources("aws_athena_named_query")).toHaveLength(3);
    expect(named.resources("aws_athena_named_query")).toHaveLength(4);
    expect(query(named, "cloudtrail-activity-detection-finding-1-3")).toContain(
      [
        'JOIN "security_lake_db"."cloud_trail_mgmt_2_0" trail',
        String.raw`  ON regexp_extract(trail.actor.user.uid, '^arn:[\w-]+:(?:iam|sts)::(\d{12}):', 1) = findings.aws_account_id`,
        "  AND regexp_extract(trail.actor.user.uid, ':(?:assumed-role/|user/(?:.*/)?)([^/]+)', 1) = findings.aws_identity",
        "  AND trail.time_dt BETWEEN findings.found - INTERVAL '1' HOUR AND findings.found + INTERVAL '1' HOUR",
      ].join("\n"),
    );
  });

  it("are made once for each profile of the tenants", () => {
    const [tenant] = required.tenants;
    const profiles = ["vectra", "security-finding-1.1", undefined] as const;
    const template = synthTemplate((stack) => {
      new Exporter(stack, "exporter", {
        ...required,
        tenants: profiles.map((profile, index) => ({
          ...(tenant as ExporterTenant),
          name: `tenant-${index}`,
          profile,
        })),
        customSource: existingSource({ table }),
        athenaQueries: { cloudTrailTable: CLOUDTRAIL },
      });
    });

    expect(
      template
        .resources("aws_athena_named_query")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      "exporter_athena-queries_accounts-that-rose-most-security-finding-1-1",
      "exporter_athena-queries_accounts-that-rose-most-vectra",
      "exporter_athena-queries_cloudtrail-activity-security-finding-1-1",
      "exporter_athena-queries_new-criticals-today-security-finding-1-1",
      "exporter_athena-queries_new-criticals-today-vectra",
      "exporter_athena-queries_time-to-assignment-security-finding-1-1",
      "exporter_athena-queries_time-to-assignment-vectra",
    ]);
  });

  it("name database and table as Security Lake does, which only the apply can know", () => {
    const template = synthTemplate((stack) => {
      const customSource = new CustomSource(stack, "source", {
        sourceName: "vectra-cdr",
        providerAccountId: "333333333333",
        externalId: "0123456789abcdef",
        accountId: "333333333333",
        crawlerRoleName: "crawler",
        lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
      });
      new Exporter(stack, "exporter", {
        ...required,
        customSource,
        athenaQueries: {},
      });
    });
    const arn = (kind: string) =>
      `aws_securitylake_custom_log_source.source_source.attributes[0].${kind}_arn`;

    expect(
      template.resource("aws_athena_named_query", "exporter_athena-queries_new-criticals-today-vectra"),
    ).toMatchObject({
      database: `\${basename(${arn("database")})}`,
      query: expect.stringContaining(
        `FROM "\${basename(${arn("database")})}"."\${basename(${arn("table")})}"\n`,
      ),
    });
  });

  it("say what they answer within Athena's 1,024 characters, and say nothing that Terraform would read", () => {
    const template = synth({
      athenaQueries: { cloudTrailTable: CLOUDTRAIL, workgroup: "analysts" },
      profile: "security-finding-1.1",
    });
    const queries = template.resources("aws_athena_named_query").map(({ attributes }) => attributes);

    for (const { name, description, workgroup, query } of queries) {
      expect(String(name).length).toBeLessThanOrEqual(128);
      expect(String(description).length).toBeLessThanOrEqual(1024);
      expect(String(query)).not.toMatch(/\$\{|%\{/);
      expect(workgroup).toBe("analysts");
    }
  });

  it.each<[string, Partial<ExporterProps>, RegExp]>([
    [
      "without the source's table",
      { athenaQueries: {} },
      /exporter: athenaQueries is given: cannot be created without customSource\.table: Security Lake names the table, so it cannot be guessed\. Set customSource\.table to the table's database and name/,
    ],
    [
      "with a workgroup that cannot be",
      { athenaQueries: { workgroup: "a b" }, customSource: existingSource({ table }) },
      /athenaQueries.workgroup is "a b": must be the name of an Athena workgroup/,
    ],
    [
      "with a table that cannot be",
      { athenaQueries: { cloudTrailTable: 'x"; DROP' }, customSource: existingSource({ table }) },
      /athenaQueries.cloudTrailTable is "x\\"; DROP": must be a name in the Glue catalog/,
    ],
    [
      "with CloudTrail joined to records that name no AWS identity",
      { athenaQueries: { cloudTrailTable: CLOUDTRAIL }, customSource: existingSource({ table }) },
      /athenaQueries.cloudTrailTable is "cloud_trail_mgmt_2_0": cannot be joined: records of profile vectra contain neither AWS accounts nor identities\. Omit athenaQueries\.cloudTrailTable, or choose a strict profile/,
    ],
  ])("are refused %s", (_, props, message) => {
    expect(() =>
      synthTemplate((stack) => new Exporter(stack, "exporter", { ...required, ...props })),
    ).toThrow(message);
  });

  it("are refused with a source's table that cannot be", () => {
    expect(() => existingSource({ table: { ...table, name: "Ext Vectra" } })).toThrow(
      /table.name is "Ext Vectra": must be a name in the Glue catalog/,
    );
  });

  it("are refused over a profile that only Terraform knows, because columns differ", () => {
    expect(() =>
      synthTemplate((stack) => {
        const profile = variable(stack, "profile") as "vectra";
        new Exporter(stack, "exporter", {
          ...required,
          tenants: required.tenants.map((tenant) => ({ ...tenant, profile })),
          customSource: existingSource({ table }),
          athenaQueries: {},
        });
      }),
    ).toThrow(
      /tenants\[0\].profile is a token: must be known when the stack is synthesized: it decides the columns of athenaQueries/,
    );
  });
});
