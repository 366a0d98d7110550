import { Token } from "cdktf";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";

/**
 * Where CloudTrail puts its logs in a bucket, without slashes at the ends: `[<keyPrefix>/]AWSLogs`. Below it
 * come the account (or the organization and the account), one folder for each kind of file, region and day.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function logRoot(keyPrefix: string | undefined): string {
  return keyPrefix === undefined ? "AWSLogs" : `${keyPrefix}/AWSLogs`;
}

/**
 * {@link logRoot} in a policy. S3 takes `*` in a key, and in a policy it would be a pattern: `${*}` is IAM's way
 * to write the character itself.
 */
export function logRootInPolicy(keyPrefix: string | undefined): string {
  return logRoot(Token.isUnresolved(keyPrefix) ? keyPrefix : keyPrefix?.replaceAll("*", "${*}"));
}

/** Folder of an account or organization that holds one kind of CloudTrail's files. */
export type LogFolder = "CloudTrail" | "CloudTrail-Digest" | "CloudTrail-Insight";

/**
 * Pattern of all files of a kind, of every account. `*` matches slashes too, so it covers an organization's
 * `<organization>/<account>/` as well as an account's own folder, and none of the other kinds.
 */
export function logFiles(root: string, folder: LogFolder): string {
  return `${root}/*/${folder}/*`;
}

/** Which files are read beside the log files, each with a right of its own. */
export interface LogFileKinds {
  /**
   * Whether digest files may be read, too. Only validating log files needs them.
   *
   * @default false
   */
  readonly readDigests?: boolean | undefined;
  /**
   * Whether Insights events may be read, too.
   *
   * @default false
   */
  readonly readInsights?: boolean | undefined;
}

/** Folders of the kinds that are read. */
export function logFolders(kinds: LogFileKinds): LogFolder[] {
  const {
    readDigests = VECTRA_ROLE_OPTIONS.readDigests.default,
    readInsights = VECTRA_ROLE_OPTIONS.readInsights.default,
  } = kinds;
  return [
    "CloudTrail",
    ...(readDigests ? (["CloudTrail-Digest"] as const) : []),
    ...(readInsights ? (["CloudTrail-Insight"] as const) : []),
  ];
}
