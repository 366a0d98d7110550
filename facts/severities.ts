/** Vectra's severities, the lowest first, with the severity_id of OCSF that each is written as. */
export const SEVERITY_IDS = { Low: 2, Medium: 3, High: 4, Critical: 5 } as const;

export type SeverityName = keyof typeof SEVERITY_IDS;

export const SEVERITY_NAMES = Object.keys(SEVERITY_IDS) as readonly SeverityName[];
