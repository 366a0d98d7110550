import { z } from "zod";
import { fieldGuides, region, securityGroupId } from "./fields.js";

/** Quadrant UX only: the Brain's way out to Vectra, for a Brain whose network is in AWS. */
export const brainEgress = z
  .strictObject({
    region: region.optional().describe("Region of the Brain's network. Default: the deployment's region."),
    dataSourceRegions: z
      .array(
        z
          .enum(["us", "eu", "ch", "ca", "au"])
          .describe("United States, European Union, Switzerland, Canada or Australia."),
      )
      .min(1)
      .register(fieldGuides, {
        allowed: "a list of us, eu, ch, ca, au",
        remedy: "Name the regions that your Vectra data sources are deployed in.",
      })
      .describe("Where your Vectra data sources are deployed."),
    securityGroupIds: z
      .array(securityGroupId.describe("Security group of the Brain."))
      .default([])
      .describe("Security groups that get a rule for it. Default: none, the prefix list alone."),
    networkFirewall: z
      .strictObject({
        ruleOrder: z
          .enum(["DEFAULT_ACTION_ORDER", "STRICT_ORDER"])
          .optional()
          .describe("Rule order of your firewall policy. Default: STRICT_ORDER."),
        capacity: z
          .int()
          .min(5)
          .max(30000)
          .optional()
          .describe("Rules that the group has room for; it can never be changed. Default: 20."),
      })
      .optional()
      .describe("Create a stateful rule group with the host names for AWS Network Firewall. Default: no."),
  })
  .describe("Quadrant UX only: let the Brain reach Vectra. The Respond UX needs none of it.");
