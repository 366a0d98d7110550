import { z } from "zod";
import { DATA_SOURCE_REGIONS } from "../../facts/brain-endpoints.js";
import { NETWORK_FIREWALL_OPTIONS } from "../../facts/options/network.js";
import { NETWORK_FIREWALL_SENTENCES } from "../../facts/sentences/network.js";
import { fieldGuides, region, securityGroupId } from "./fields.js";
import { fields } from "./options.js";

/** Quadrant UX only: the Brain's way out to Vectra, for a Brain whose network is in AWS. */
export const brainEgress = z
  .strictObject({
    region: region.optional().describe("Region of the Brain's network. Default: the deployment's region."),
    dataSourceRegions: z
      .array(
        z
          .enum(DATA_SOURCE_REGIONS)
          .describe("United States, European Union, Switzerland, Canada or Australia."),
      )
      .min(1)
      .register(fieldGuides, {
        allowed: `a list of ${DATA_SOURCE_REGIONS.join(", ")}`,
        remedy: "Name the regions that your Vectra data sources are deployed in.",
      })
      .describe("Where your Vectra data sources are deployed."),
    securityGroupIds: z
      .array(securityGroupId.describe("Security group of the Brain."))
      .default([])
      .describe("Security groups that receive a rule for it. Default: none, only the prefix list."),
    networkFirewall: z
      .strictObject(fields(NETWORK_FIREWALL_OPTIONS, NETWORK_FIREWALL_SENTENCES))
      .optional()
      .describe("Create a stateful rule group with the host names for AWS Network Firewall. Default: no."),
  })
  .describe("Quadrant UX only: let the Brain reach Vectra. The Respond UX does not need it.");
