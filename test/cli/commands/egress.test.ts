import { describe, expect, it } from "vitest";
import { vectraCdr } from "../command-line.js";

const run = (...parameters: string[]) => vectraCdr(parameters);

describe("GIVEN vectra-cdr egress", () => {
  it("WHEN one region is asked for as a table THEN each address stands in a line of its own, with the source", async () => {
    expect(await run("egress", "--region", "eu", "--format", "table")).toEqual({
      code: 0,
      err: "",
      out: [
        "REGION  HOST                                           ADDRESS         TCP PORT",
        "eu      authgateway.ew1.public.app.prod.vectra-svc.ai  54.171.40.108   443",
        "eu      authgateway.ew1.public.app.prod.vectra-svc.ai  54.246.213.148  443",
        "eu      authgateway.ew1.public.app.prod.vectra-svc.ai  54.75.47.147    443",
        "",
        "Source: https://docs.vectra.ai/deployment/cdr-for-aws, edition of 2025-06-27. Vectra changes it without notice.",
        "",
      ].join("\n"),
    });
  });

  it("WHEN no region is asked for THEN all five are there, as a table", async () => {
    const { out } = await run("egress");

    expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual([
      ..."REGION us us us us eu eu eu ch ch ch ca ca ca au au au".split(" "),
      "",
      "Source:",
      "",
    ]);
  });

  it.each([[["--format", "json"]], [["--json"]]])(
    "WHEN %j is asked for THEN programs can read it, its source included",
    async (format) => {
      const { out } = await run("egress", "--region", "ch", ...format);

      expect(JSON.parse(out)).toEqual({
        source: { document: "https://docs.vectra.ai/deployment/cdr-for-aws", date: "2025-06-27" },
        endpoints: [
          {
            region: "ch",
            name: "Switzerland",
            host: "authgateway.ec2.public.app.prod.vectra-svc.ai",
            addresses: ["16.62.18.237", "16.62.142.98", "51.96.54.201"],
            port: 443,
          },
        ],
      });
    },
  );

  it("WHEN CSV is asked for THEN there is a header and a line for each address", async () => {
    const { out } = await run("egress", "-r", "au", "-f", "csv");

    expect(out).toBe(
      [
        "region,host,address,port",
        "au,authgateway.as2.public.app.prod.vectra-svc.ai,13.54.11.66,443",
        "au,authgateway.as2.public.app.prod.vectra-svc.ai,13.55.79.24,443",
        "au,authgateway.as2.public.app.prod.vectra-svc.ai,13.55.106.102,443",
        "",
      ].join("\n"),
    );
  });

  it("WHEN Terraform is asked for THEN it is a locals block, regions in the order of the document", async () => {
    const { out } = await run("egress", "--region", "ca", "us", "--format", "terraform");

    expect(out).toBe(
      `# Source: https://docs.vectra.ai/deployment/cdr-for-aws, edition of 2025-06-27.
locals {
  vectra_brain_egress = {
    us = {
      host  = "authgateway.uw2.public.app.prod.vectra-svc.ai"
      cidrs = ["54.245.33.175/32", "52.42.70.176/32", "100.21.109.72/32", "52.26.91.157/32"]
      port  = 443
    }
    ca = {
      host  = "authgateway.cc1.public.app.prod.vectra-svc.ai"
      cidrs = ["3.96.112.208/32", "52.60.211.221/32", "15.222.69.161/32"]
      port  = 443
    }
  }
}
`,
    );
  });

  it("WHEN help is asked for THEN it shows an example and that is no error", async () => {
    const { code, out } = await run("egress", "--help");

    expect(code).toBe(0);
    expect(out).toContain("vectra-cdr egress --region eu us --format terraform > vectra.tf");
  });
});

describe("GIVEN a wrong command line THEN the exit code is 2 and the error says what is allowed", () => {
  it.each([
    [["egress", "--region", "mars"], "Allowed choices are us, eu, ch, ca, au."],
    [["egress", "--format", "xml"], "Allowed choices are table, json, csv, terraform."],
    [["egress", "--json", "--format", "csv"], "cannot be used with option"],
    [["egress", "--colour"], "unknown option '--colour'"],
    [["egress", "eu"], "too many arguments"],
    [["egres"], "(Did you mean egress?)"],
    [[], "Usage: vectra-cdr"],
  ])("%j", async (parameters, part) => {
    const { code, out, err } = await run(...parameters);

    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(part);
    expect(err).toContain("--help");
  });
});
