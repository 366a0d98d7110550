import type { RoleOptions } from "../iam/role-options.js";

/** A zip with `index.mjs` in it, whose `handler` Lambda calls. */
export interface FunctionBundle {
  /** Path of the zip. A relative one starts at `cdktf.json`. */
  readonly zipPath: string;
  /** Base64 of the zip's SHA-256. */
  readonly sourceCodeHash: string;
}

export type Architecture = "arm64" | "x86_64";

/** The least severe level that is logged. */
export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

/**
 * Network that the function runs in. It needs a way out to the tenants (TCP 443, through NAT), and to
 * DynamoDB, STS, S3 and Secrets Manager (the same way, or endpoints).
 */
export interface ExporterVpc {
  /** Private subnets of one VPC, at least one; two zones survive the loss of one. */
  readonly subnetIds: readonly string[];
  /** Security groups of that VPC, at least one. */
  readonly securityGroupIds: readonly string[];
}

/** Options of the exporter's function, which `Exporter` passes on as they are. */
export interface ExporterFunctionOptions extends RoleOptions {
  /** The function's code. */
  readonly bundle: FunctionBundle;
  /**
   * Megabytes of memory, 128 to 10240.
   *
   * @default 512
   */
  readonly memorySize?: number | undefined;
  /**
   * Longest run in seconds, 60 to 900. What is left over is the next run's.
   *
   * @default 240
   */
  readonly timeoutSeconds?: number | undefined;
  /** @default "arm64" */
  readonly architecture?: Architecture | undefined;
  /**
   * The least severe level that is logged. Metrics are written at every level.
   *
   * @default "INFO"
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * Days for which logs are kept: one of the retentions that CloudWatch Logs offers.
   *
   * @default 90
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Runs that are kept free for the exporter, and the most that run at once, 1 to 1000. Fewer than there are
   * tenants make them wait for each other. AWS keeps 100 of an account's runs unreserved, so small accounts
   * cannot reserve any; the lease in the checkpoint table keeps runs of a tenant apart, whatever this is.
   *
   * @default - the account's unreserved concurrency
   */
  readonly reservedConcurrentExecutions?: number | undefined;
  /**
   * Whether X-Ray traces the runs. Traces cost beyond 100,000 a month, which is about eleven tenants every five
   * minutes.
   *
   * @default false
   */
  readonly tracing?: boolean | undefined;
  /**
   * Customer key, in the exporter's region, that encrypts checkpoint table, created secrets, dead-letter queue,
   * log group and environment. CloudWatch Logs must be allowed to use it: `keyStatementsToAdd`.
   *
   * @default - keys of AWS, which cost nothing
   */
  readonly kmsKeyArn?: string | undefined;
  /** @default - no VPC: the function reaches the internet through Lambda's own network */
  readonly vpc?: ExporterVpc | undefined;
}
