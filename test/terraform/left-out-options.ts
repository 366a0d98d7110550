/**
 * Options that every-option.yaml does not set, or leaves at their default, each with its reason. An entry stands for
 * everything below it.
 */
export const leftOutOptions: Readonly<Record<string, string>> = {
  partition: "the emulator is of the commercial partition; GovCloud is validated",
  retain: "the leg applies both",
  "terraform.backend": "the state must be on this machine, as it is by default",
  "terraform.providerVersion": "the leg takes the provider that the machine has",
  "accounts.cloudTrailAdministrator": "excludes management; the emulator has no delegated administrators",
  "accounts.single": "excludes the accounts by part",
  "accounts.members": "excludes a trail of the organization",
  "accounts.membersAssumeRole": "only members use it",
  "cloudTrail.organization.managementAccountId": "only with accounts.cloudTrailAdministrator",
  "cloudTrail.trail.create.events.s3DataEvents.allBut": "excludes only",
  "cloudTrail.trail.create.insights": "the emulator has no PutInsightSelectors",
  "cloudTrail.trail.existing": "excludes create",
  "cloudTrail.logBucket.existing": "excludes create",
  "cloudTrail.logKey.existing": "excludes create",
  "cloudTrail.topic.existing": "excludes create",
  "cloudTrail.notification.trail": "excludes s3",
  "cloudTrail.role.create.policyStatements": "replaces the policy that the other options shape",
  "cloudTrail.role.existing": "excludes create",
  "cloudTrail.leaving": "only for an existing bucket, key or topic",
  "cloudTrail.stsV2Tokens": "the emulator has no SetSecurityTokenServicePreferences",
  "securityLake.customSource.existing": "excludes create",
  "securityLake.exporter.savedQueries": "the emulator has no PutQueryDefinition",
  "brainEgress.securityGroupIds":
    "the emulator drops a rule's prefix list, and the provider cannot plan what is left",
  "brainEgress.networkFirewall": "the emulator has no Network Firewall",
};

/** Those that validated-options.yaml does not set either, and where they are seen. */
export const leftOutOfBoth: Readonly<Record<string, string>> = {
  partition: "examples/govcloud is validated",
  retain: "the leg applies both",
  "terraform.providerVersion": "a pin would have to be the version that the machine has",
  "accounts.cloudTrailAdministrator":
    "an account like the others; test/deployment/stacks/delegated-administrator.test.ts",
  "accounts.members": "examples/member-trails is validated",
  "accounts.membersAssumeRole": "examples/member-trails is validated",
  "cloudTrail.organization.managementAccountId":
    "changes ARNs only; test/deployment/stacks/delegated-administrator.test.ts",
  "cloudTrail.trail.existing": "examples/control-tower-existing is validated",
  "cloudTrail.notification.trail": "the default, which the examples have",
  "cloudTrail.role.existing": "nothing would be left to validate of the role",
  "cloudTrail.leaving": "withdraws what is to be validated here",
};
