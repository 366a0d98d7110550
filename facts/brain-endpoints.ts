/** Where Vectra's data sources are deployed, which is what decides on the endpoint. */
export const DATA_SOURCE_REGIONS = ["us", "eu", "ch", "ca", "au"] as const;

export type BrainRegion = (typeof DATA_SOURCE_REGIONS)[number];

/** What a Brain reaches over TCP for data sources in one region. */
export interface BrainEndpoint {
  readonly region: BrainRegion;
  /** The region as Vectra calls it. */
  readonly name: string;
  readonly host: string;
  /** IPv4 addresses of the host. */
  readonly addresses: readonly string[];
}

/** Where the table below comes from. Vectra changes it without notice: compare before you rely on it. */
export const BRAIN_ENDPOINTS_SOURCE = {
  document: "https://docs.vectra.ai/deployment/cdr-for-aws",
  section: "Network Setup (Quadrant UX deployments only)",
  /** Date in the name of the guide's figure; the page shows no other. */
  date: "2025-06-27",
  port: 443,
} as const;

export const BRAIN_ENDPOINTS: readonly BrainEndpoint[] = [
  {
    region: "us",
    name: "US",
    host: "authgateway.uw2.public.app.prod.vectra-svc.ai",
    addresses: ["54.245.33.175", "52.42.70.176", "100.21.109.72", "52.26.91.157"],
  },
  {
    region: "eu",
    name: "EU",
    host: "authgateway.ew1.public.app.prod.vectra-svc.ai",
    addresses: ["54.171.40.108", "54.246.213.148", "54.75.47.147"],
  },
  {
    region: "ch",
    name: "Switzerland",
    host: "authgateway.ec2.public.app.prod.vectra-svc.ai",
    addresses: ["16.62.18.237", "16.62.142.98", "51.96.54.201"],
  },
  {
    region: "ca",
    name: "Canada",
    host: "authgateway.cc1.public.app.prod.vectra-svc.ai",
    addresses: ["3.96.112.208", "52.60.211.221", "15.222.69.161"],
  },
  {
    region: "au",
    name: "Australia",
    host: "authgateway.as2.public.app.prod.vectra-svc.ai",
    addresses: ["13.54.11.66", "13.55.79.24", "13.55.106.102"],
  },
];
