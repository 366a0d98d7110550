import { join } from "node:path";
import { ENVIRONMENT } from "../../../facts/environment.js";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { LAKE, SECRET_ARN, TABLE } from "./exporter.js";
import { type Outcome, ReleasedFunction, startRelay } from "./released-function.js";
import type { Stage } from "./stage.js";

/** The function of the commit before the write-ahead, as it was deployed. */
export const BEFORE_WRITE_AHEAD = join(
  import.meta.dirname,
  "..",
  "exactly-once",
  "releases",
  "before-write-ahead.zip",
);

/** Names of that many stories are known to the function. */
const STORIES = 600;

/** What the function is invoked for. */
export interface Invocation {
  readonly redrive?: true;
  readonly backfill?: TimeRange & { readonly allowOverlap?: boolean };
}

/** A container of the function. */
interface Container {
  /** One invocation for the tenant of the present story. */
  invoke(invocation?: Invocation): Promise<Outcome>;
  end(): void;
}

/** The function of an earlier release, on a stage: it shares tenant, table and lake with the exporter of this one. */
export interface EarlierRelease {
  container(): Container;
  /** An invocation in a container of its own. */
  invoke(invocation?: Invocation): Promise<Outcome>;
  /** The first run of a story, which begins at the newest event. @throws Error where it fails. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

/** @param api version of the events API that is configured. */
export async function startEarlierRelease(
  stage: Stage,
  api: "v3.4" | "v3" = "v3.4",
): Promise<EarlierRelease> {
  const { exporter } = stage;
  const relay = await startRelay(() => exporter.tenant.url);
  exporter.aws.putSecret(SECRET_ARN, JSON.stringify({ client_id: "client", client_secret: "secret" }));
  const tenants = Array.from({ length: STORIES }, (_, story) => ({
    ...exporter.settings(),
    name: `story-${story + 1}`,
    url: relay.url,
    secretArn: SECRET_ARN,
    start: "latest",
    api,
  }));
  const released = new ReleasedFunction(BEFORE_WRITE_AHEAD, () => ({
    ...exporter.aws.environment,
    [ENVIRONMENT.tenants]: JSON.stringify(tenants),
    [ENVIRONMENT.checkpointTable]: TABLE,
    [ENVIRONMENT.lakeLocation]: `s3://${LAKE.bucket}/${LAKE.prefix}`,
    [ENVIRONMENT.lakeRegion]: "eu-west-1",
    [ENVIRONMENT.lakeRoleArn]: LAKE.roleArn,
    [ENVIRONMENT.lakeExternalId]: LAKE.externalId,
    POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
    POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
  }));

  function container(): Container {
    const { invoke, end } = released.container();
    return { invoke: (invocation) => invoke({ tenant: stage.story, ...invocation }), end };
  }

  async function invoke(invocation?: Invocation): Promise<Outcome> {
    const { invoke: once, end } = container();
    try {
      return await once(invocation);
    } finally {
      end();
    }
  }

  const beginner = container();
  return {
    container,
    invoke,
    begin: async () => {
      const { error } = await beginner.invoke();
      if (error !== undefined) {
        throw new Error(`The earlier release failed: ${error}`);
      }
    },
    close: async () => {
      beginner.end();
      released.close();
      await relay.close();
    },
  };
}
