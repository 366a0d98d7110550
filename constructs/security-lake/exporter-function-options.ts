import type { RoleOptions } from "../iam/role-options.js";

/** A zip with `index.mjs` in it, whose `handler` Lambda calls. */
export interface FunctionBundle {
  /** Path of the zip. A relative one starts at `cdktf.json`. */
  readonly zipPath: string;
  /** Base64 of the zip's SHA-256. */
  readonly sourceCodeHash: string;
}

export type Architecture = "arm64" | "x86_64";

/** The lowest level that is logged. */
export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

/**
 * Network that the function runs in. It needs a route to the tenants (TCP 443, through NAT), and to
 * DynamoDB, STS, S3 and Secrets Manager (the same route, or endpoints).
 */
export interface ExporterVpc {
  /** Private subnets of one VPC, at least one; two zones survive the loss of one. */
  readonly subnetIds: readonly string[];
  /** Security groups of that VPC, at least one. */
  readonly securityGroupIds: readonly string[];
}

/** Options of the exporter's function, which `Exporter` passes on unchanged. */
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
   * Time limit of a run in seconds, 60 to 900. The next run exports what is left.
   *
   * @default 240
   */
  readonly timeoutSeconds?: number | undefined;
  /** @default "arm64" */
  readonly architecture?: Architecture | undefined;
  /**
   * The lowest level that is logged. Metrics are written at every level.
   *
   * @default "INFO"
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * Log retention in days, one of the values that CloudWatch Logs offers.
   *
   * @default 90
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Reserved concurrency: guaranteed runs, and also the maximum, 1 to 1000. With fewer than there are tenants, tenants
   * wait for each other. AWS keeps 100 of an account's runs unreserved, so small accounts cannot reserve any. The lease
   * in the checkpoint table separates runs of a tenant in any case.
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
