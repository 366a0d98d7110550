import type { Options } from "./option.js";

/** Options of Vectra's role, where it is created. */
export const VECTRA_ROLE_OPTIONS = {
  iamContext: { kind: "flag", default: true },
  readDigests: { kind: "flag", default: false },
  readInsights: { kind: "flag", default: false },
  listLogsOnly: { kind: "flag", default: false },
  /**
   * From one hour to twelve.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
   */
  maxSessionDuration: { kind: "number", unit: "seconds", min: 3600, max: 43_200, default: 3600 },
} as const satisfies Options;
