/**
 * OCSF event classes that Security Lake takes for a custom source.
 *
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/adding-custom-sources.html
 */
export const LAKE_EVENT_CLASSES = [
  "ACCESS_ACTIVITY",
  "ACCOUNT_CHANGE",
  "API_ACTIVITY",
  "AUTHENTICATION",
  "AUTHORIZATION",
  "CLOUD_API",
  "COMPLIANCE_FINDING",
  "CONFIG_STATE",
  "DETECTION_FINDING",
  "DHCP_ACTIVITY",
  "DNS_ACTIVITY",
  "EMAIL_ACTIVITY",
  "ENTITY_MANAGEMENT_AUDIT",
  "FILE_ACTIVITY",
  "FTP_ACTIVITY",
  "HTTP_ACTIVITY",
  "INCIDENT_FINDING",
  "INVENTORY_INFO",
  "KERNEL_ACTIVITY",
  "KERNEL_EXTENSION",
  "MEMORY_ACTIVITY",
  "MODULE_ACTIVITY",
  "NETWORK_ACTIVITY",
  "PROCESS_ACTIVITY",
  "RDP_ACTIVITY",
  "REGISTRY_KEY_ACTIVITY",
  "REGISTRY_VALUE_ACTIVITY",
  "RESOURCE_ACTIVITY",
  "SCHEDULED_JOB_ACTIVITY",
  "SECURITY_FINDING",
  "SMB_ACTIVITY",
  "SSH_ACTIVITY",
  "VULNERABILITY_FINDING",
] as const;

type LakeEventClass = (typeof LAKE_EVENT_CLASSES)[number];

/**
 * Every OCSF profile with the event class of its records. A custom source holds one class, so this decides what
 * the source is registered with.
 */
export const PROFILE_EVENT_CLASSES = {
  vectra: "SECURITY_FINDING",
  "security-finding-1.1": "SECURITY_FINDING",
  "detection-finding-1.3": "DETECTION_FINDING",
} as const satisfies Readonly<Record<string, LakeEventClass>>;

export type ProfileName = keyof typeof PROFILE_EVENT_CLASSES;

export const PROFILE_NAMES = Object.keys(PROFILE_EVENT_CLASSES) as readonly ProfileName[];

/** The profile of a tenant that names none: the product's own mapping table. */
export const DEFAULT_PROFILE = "vectra" satisfies ProfileName;

/** The event class that a custom source for records of this profile must be registered with. */
export function eventClassOf(
  profile: ProfileName = DEFAULT_PROFILE,
): (typeof PROFILE_EVENT_CLASSES)[ProfileName] {
  return PROFILE_EVENT_CLASSES[profile];
}
