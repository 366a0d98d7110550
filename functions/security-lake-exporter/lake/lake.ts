import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { objectKey } from "../../../facts/object-names.js";
import { AWS_REQUESTS } from "../aws-requests.js";
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

  /**
   * Writes one object and returns its key. Sends no ACL: the provider role's boundary does not
   * allow `s3:PutObjectAcl`, and a request with one is denied.
   *
   * @throws the SDK's error after its own retries, with the object's key in front of the message.
   */
  async put(object: LakeObject): Promise<string> {
    const { bucket, prefix, region } = this.#settings;
    const key = `${prefix}${objectKey({ region, ...object })}`;
    try {
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: object.body,
          ContentType: "application/vnd.apache.parquet",
        }),
      );
    } catch (error) {
      throw new Error(`Writing s3://${bucket}/${key} failed: ${messageOf(error)}`, { cause: error });
    }
    return key;
  }
}

async function assumeProviderRole({ roleArn, externalId, region }: LakeSettings) {
  const sts = new STSClient({ region, requestHandler: AWS_REQUESTS });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: SESSION_NAME }),
  );
  if (
    Credentials?.AccessKeyId === undefined ||
    Credentials.SecretAccessKey === undefined ||
    Credentials.SessionToken === undefined ||
    Credentials.Expiration === undefined
  ) {
    throw new Error(`STS returned incomplete credentials for AssumeRole of ${roleArn}`);
  }
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
    // The SDK renews the session automatically shortly before this.
    expiration: Credentials.Expiration,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
