/**
 * Where CloudTrail puts its logs in a bucket, without slashes at the ends: `[<keyPrefix>/]AWSLogs`. Below it
 * come the account (or the organization and the account), `CloudTrail/` or `CloudTrail-Digest/`, region and day.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function logRoot(keyPrefix: string | undefined): string {
  return keyPrefix === undefined ? "AWSLogs" : `${keyPrefix}/AWSLogs`;
}
