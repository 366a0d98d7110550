import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { objectKey, REGION_PARTITION } from "../../../facts/object-names.js";
import { AWS_REQUESTS, AwsCallError, calling } from "../aws-requests.js";
import type { LakeSettings } from "../settings.js";
import type { LakeObject, LakeStore } from "./lake-store.js";

const SESSION_NAME = "vectra-cdr-security-lake-exporter";

/**
 * The custom source's prefix in Security Lake. Writes as the role that Security Lake created for the source,
 * which must be assumed with the External ID. Keep the instance across invocations: it holds the session.
 */
export class Lake implements LakeStore {
  readonly #settings: LakeSettings;
  readonly #s3: S3Client;

  constructor(settings: LakeSettings) {
    this.#settings = settings;
    this.#s3 = new S3Client({
      region: settings.region,
      requestHandler: AWS_REQUESTS,
      credentials: () => assumeProviderRole(settings),
      // Only emulators have an endpoint of their own, and none of them serves buckets as host names.
      forcePathStyle: (process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]) !== undefined,
    });
  }

  get location(): string {
    const { bucket, prefix, region } = this.#settings;
    return `s3://${bucket}/${prefix}${REGION_PARTITION}${region}/`;
  }

  /**
   * Writes one object and returns its key. Sends no ACL: the provider role's boundary does not
   * allow `s3:PutObjectAcl`, and a request with one is denied.
   *
   * @throws Error with the object's key, after the SDK's own retries.
   */
  async put(object: LakeObject): Promise<string> {
    const { bucket, prefix, region } = this.#settings;
    const key = `${prefix}${objectKey({ region, ...object })}`;
    await calling(`Writing s3://${bucket}/${key}`, async () => {
      const { ETag } = await this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: object.body,
          ContentType: "application/vnd.apache.parquet",
        }),
      );
      // The SDK does not read the answer: a proxy's error page with status 200 would count as an object.
      if (ETag === undefined) {
        throw new AwsCallError(
          "the answer has no ETag, so it is not that of S3. Check proxies between the function and S3",
        );
      }
    });
    return key;
  }
}

async function assumeProviderRole({ roleArn, externalId, region }: LakeSettings) {
  const sts = new STSClient({ region, requestHandler: AWS_REQUESTS });
  return await calling(`Assuming role ${roleArn}`, async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: SESSION_NAME }),
    );
    if (
      Credentials?.AccessKeyId === undefined ||
      Credentials.SecretAccessKey === undefined ||
      Credentials.SessionToken === undefined ||
      Credentials.Expiration === undefined
    ) {
      throw new AwsCallError("the answer has no credentials, so it is not that of STS");
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      // The SDK renews the session automatically shortly before this.
      expiration: Credentials.Expiration,
    };
  });
}
