import { describe, expect, it } from "vitest";
import {
  Exporter,
  type ExporterProps,
  type ExporterTenant,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable } from "../variable.js";
import { acme, environment, existingSource, requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Exporter tenant", () => {
  it.each<[string, Partial<ExporterTenant>, RegExp]>([
    ["capitals in its name", { name: "Acme" }, /tenants\[0\].name is "Acme": must be a tenant name/],
    ["a name of 32 characters", { name: "a".repeat(32) }, /tenants\[0\].name is "a{32}"/],
    ["an http URL", { url: "http://123.uw2.portal.vectra.ai" }, /tenants\[0\].url is "http:.*https origin/],
    ["a URL with a path", { url: "https://x.portal.vectra.ai/api" }, /without path/],
    ["a URL with credentials", { url: "https://me:pw@x.portal.vectra.ai" }, /tenants\[0\].url is/],
    ["no URL", { url: "x.portal.vectra.ai" }, /tenants\[0\].url is "x.portal.vectra.ai"/],
    ["an 11-digit account", { partitionAccountId: "33333333333" }, /tenants\[0\].partitionAccountId is "3+"/],
    ["an unknown API", { api: "v2" as "v3.4" }, /tenants\[0\].api is "v2": must be one of v3.4, v3.3, v3.2/],
    [
      "an unknown profile",
      { profile: "ocsf" as "vectra" },
      /tenants\[0\].profile is "ocsf": must be one of vectra, security-finding-1.1, detection-finding-1.3/,
    ],
    [
      "an unknown severity",
      { filters: { minimumSeverity: "high" as "High" } },
      /tenants\[0\].filters.minimumSeverity is "high": must be one of Low, Medium, High, Critical/,
    ],
    [
      "a filter for other accounts",
      { filters: { accounts: "azure" as "all" } },
      /tenants\[0\].filters.accounts is "azure": must be one of aws, all/,
    ],
    [
      "another partition",
      { partitionBy: "day" as "event" },
      /tenants\[0\].partitionBy is "day": must be one of fixed, event/,
    ],
    [
      "events that wait for less than a minute",
      { accumulate: { maxAgeSeconds: 59, maxEvents: 1 } },
      /tenants\[0\].accumulate.maxAgeSeconds is 59: must be a whole number of seconds from 60 to 86400/,
    ],
    [
      "more waiting events than a window holds",
      { accumulate: { maxAgeSeconds: 60, maxEvents: 10_001 } },
      /tenants\[0\].accumulate.maxEvents is 10001: must be a whole number of events from 1 to 10000/,
    ],
    [
      "events that wait longer than the alarm on lag allows",
      { accumulate: { maxAgeSeconds: 1201, maxEvents: 10_000 } },
      /tenants\[0\].accumulate.maxAgeSeconds is 1201: events may wait 1201 seconds, but the lag alarm goes off at 1800 seconds and needs a margin of 600\. Set lagThresholdSeconds to 1801 or more/,
    ],
    [
      "a secret of another region",
      { secret: { existingArn: "arn:aws:secretsmanager:us-east-1:333333333333:secret:vectra-abcdef" } },
      /tenants\[0\].secret.existingArn is .*the secret is in account 333333333333, us-east-1, but the exporter is in account 333333333333, eu-west-1/,
    ],
    [
      "a secret of another account",
      { secret: { existingArn: "arn:aws:secretsmanager:eu-west-1:999999999999:secret:vectra-abcdef" } },
      /tenants\[0\].secret.existingArn is .*the secret is in account 999999999999, eu-west-1/,
    ],
    ["a secret's name", { secret: { existingArn: "client" } }, /tenants\[0\].secret.existingArn is "client"/],
  ])("refuses a tenant with %s", (_, tenant, message) => {
    expect(() => synth({ tenants: [{ ...acme, ...tenant }] })).toThrow(message);
  });

  it("lets events wait for as long as the alarm on lag leaves a margin", () => {
    const accumulate = { maxAgeSeconds: 86_400, maxEvents: 10_000 };
    const tenants = [{ ...acme, accumulate }];

    expect(() => synth({ tenants, lagThresholdSeconds: 86_999 })).toThrow(
      /accumulate.maxAgeSeconds is 86400: .*the lag alarm goes off at 86999 seconds/,
    );
    expect(
      JSON.parse(environment(synth({ tenants, lagThresholdSeconds: 87_000 }))["TENANTS"] ?? ""),
    ).toMatchObject([{ accumulate }]);
  });

  it("refuses limits of waiting that only Terraform knows, which JSON could not hold", () => {
    expect(() =>
      synthTemplate((stack) => {
        const accumulate = { maxAgeSeconds: numberVariable(stack, "age"), maxEvents: 10 };
        new Exporter(stack, "exporter", { ...required, tenants: [{ ...acme, accumulate }] });
      }),
    ).toThrow(
      /tenants\[0\].accumulate.maxAgeSeconds is a token: must be known when the stack is synthesized/,
    );
  });

  it("refuses two tenants of one name", () => {
    expect(() => synth({ tenants: [acme, { ...acme, url: "https://9.ew1.portal.vectra.ai" }] })).toThrow(
      /tenants\[1\].name is "acme": must differ from tenants\[0\]\.name: tenants with one name would share a checkpoint/,
    );
  });

  it("refuses tenants of two event classes, and says why", () => {
    const globex: ExporterTenant = { ...acme, name: "globex", profile: "detection-finding-1.3" };
    expect(() => synth({ tenants: [acme, globex] })).toThrow(
      /tenants\[1\].profile is "detection-finding-1.3": writes DETECTION_FINDING, but tenants\[0\]\.profile writes SECURITY_FINDING, and a source holds one event class\. Choose a profile that writes SECURITY_FINDING/,
    );
  });

  it("refuses a profile whose event class is not the source's", () => {
    expect(() => synth({ customSource: existingSource({ eventClass: "DETECTION_FINDING" }) })).toThrow(
      /tenants\[0\].profile is omitted: the default profile, vectra, writes SECURITY_FINDING, but the custom source \(customSource\.eventClass\) holds DETECTION_FINDING/,
    );
  });

  it("takes tenants whose profiles differ and write one event class", () => {
    const tenants: ExporterTenant[] = [acme, { ...acme, name: "globex", profile: "security-finding-1.1" }];
    const customSource = existingSource({ eventClass: "SECURITY_FINDING" });

    expect(synth({ tenants, customSource }).resources("aws_scheduler_schedule")).toHaveLength(2);
  });

  it("takes a simulated tenant on this machine, with and without a closing slash", () => {
    const template = synth({ tenants: [{ ...acme, url: "http://127.0.0.1:8080/" }] });
    expect(environment(template)["TENANTS"]).toContain('"url":"http://127.0.0.1:8080/"');
  });

  it("takes each tenant's own settings", () => {
    const existingArn = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-AbCdEf";
    const template = synth({
      tenants: [{ ...acme, secret: { existingArn }, includeScoreDecreases: false, start: "latest" }],
    });
    expect(JSON.parse(environment(template)["TENANTS"] ?? "")).toEqual([
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        secretArn: existingArn,
        partitionAccountId: "333333333333",
        includeScoreDecreases: false,
        start: "latest",
      },
    ]);
    expect(template.resources("aws_secretsmanager_secret")).toEqual([]);
  });

  it("is told every option of a tenant that is set, and no other", () => {
    const template = synth({
      tenants: [
        {
          ...acme,
          api: "v3.3",
          profile: "security-finding-1.1",
          rawData: true,
          filters: { accounts: "all", prioritizedOnly: true, minimumSeverity: "High" },
          partitionBy: "event",
          assignmentRequired: true,
          accumulate: { maxAgeSeconds: 1200, maxEvents: 5000 },
        },
        { ...acme, name: "globex", filters: { prioritizedOnly: true, minimumSeverity: undefined } },
        { ...acme, name: "initech", filters: {} },
      ],
    });
    const [first, second, third] = JSON.parse(environment(template)["TENANTS"] ?? "");
    const always = ["name", "url", "secretArn", "partitionAccountId", "includeScoreDecreases", "start"];

    expect(first).toMatchObject({
      api: "v3.3",
      profile: "security-finding-1.1",
      rawData: true,
      filters: { accounts: "all", prioritizedOnly: true, minimumSeverity: "High" },
      partitionBy: "event",
      assignmentRequired: true,
      accumulate: { maxAgeSeconds: 1200, maxEvents: 5000 },
    });
    expect(second.filters).toEqual({ prioritizedOnly: true });
    expect(Object.keys(second)).toEqual([...always, "filters"]);
    expect(Object.keys(third)).toEqual(always);
  });
});
