import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { LakeSettings } from "./settings.js";

/** An object of the lake, before it is written. */
export interface LakeObject {
  /** 12-digit AWS account of the partition. */
  readonly accountId: string;
  /** UTC day of the partition, `YYYYMMDD`. */
  readonly eventDay: string;
  /** Name of the object; the same name is the same object, and writing it again replaces it. */
  readonly name: string;
  readonly body: Uint8Array;
}

/** A place for objects. */
export interface LakeStore {
  /** Writes one object, all of it or nothing, in place of an earlier one of the same name. @returns its key. */
  put(object: LakeObject): Promise<string>;
}

/** Key of an object, below the prefix of the custom source: Security Lake's partitions, then the name. */
export function partitionedKey(region: string, { accountId, eventDay, name }: LakeObject): string {
  return `region=${region}/accountId=${accountId}/eventDay=${eventDay}/${name}`;
}

const SESSION_NAME = "vectra-cdr-security-lake-exporter";

/**
 * The custom source's place in Security Lake. Writes as the role that Security Lake made for the source,
 * which must be assumed with the External ID. Keep the instance across invocations: it holds the session.
 */
export class Lake implements LakeStore {
  readonly #settings: LakeSettings;
  readonly #s3: S3Client;

  constructor(settings: LakeSettings) {
    this.#settings = settings;
    this.#s3 = new S3Client({
      region: settings.region,
      credentials: () => assumeProviderRole(settings),
      // Only emulators have an endpoint of their own, and none of them serves buckets as host names.
      forcePathStyle: (process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]) !== undefined,
    });
  }

  /**
   * Writes one object and returns its key. Sends no ACL: the provider role's boundary does not know
   * `s3:PutObjectAcl`, and a request with one is denied.
   *
   * @throws the SDK's error after its own retries, with the object's key in front of the message.
   */
  async put(object: LakeObject): Promise<string> {
    const { bucket, prefix, region } = this.#settings;
    const key = `${prefix}${partitionedKey(region, object)}`;
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
  const sts = new STSClient({ region });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: SESSION_NAME }),
  );
  if (
    Credentials?.AccessKeyId === undefined ||
    Credentials.SecretAccessKey === undefined ||
    Credentials.SessionToken === undefined ||
    Credentials.Expiration === undefined
  ) {
    throw new Error(`STS answered AssumeRole of ${roleArn} without complete credentials`);
  }
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
    // The SDK renews the session by itself shortly before this.
    expiration: Credentials.Expiration,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
