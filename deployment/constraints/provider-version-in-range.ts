import { AWS_PROVIDER_RANGE, isSupportedAwsProvider } from "../../facts/aws-provider.js";
import type { Constraint } from "./constraint.js";

/** An older provider fails outside the commercial partition; a newer major version may refuse arguments. */
export const providerVersionInRange: Constraint = function* ({ terraform }) {
  const version = terraform?.providerVersion;
  if (version !== undefined && !isSupportedAwsProvider(version)) {
    yield {
      path: ["terraform", "providerVersion"],
      problem: `${version} is not a supported version of the AWS provider`,
      allowed: `one version, ${AWS_PROVIDER_RANGE}`,
      remedy: "Name one version, or omit it for any in that range.",
    };
  }
};
