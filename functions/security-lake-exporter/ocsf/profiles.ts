import { detectionFinding13 } from "./detection-finding-1.3.js";
import type { OcsfProfile } from "./profile.js";
import { securityFinding11 } from "./security-finding-1.1.js";
import { vectraProfile } from "./vectra.js";

/** Every profile that the exporter can write: one file each, one line here. */
export const PROFILES: readonly OcsfProfile[] = [vectraProfile, securityFinding11, detectionFinding13];

export { DEFAULT_PROFILE } from "../../../facts/profiles.js";

/** @throws Error listing the profiles that exist. */
export function profileNamed(name: string): OcsfProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    throw new Error(
      `Unknown OCSF profile ${name}. Use one of ${PROFILES.map((known) => known.name).join(", ")}. ` +
        "A window that another version of the function started must be completed by that version.",
    );
  }
  return profile;
}
