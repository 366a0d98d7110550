import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import {
  type ObjectName,
  parseObjectKey,
  parseObjectName,
  REGION_PARTITION,
} from "../../../facts/object-names.js";
import type { LakeSettings } from "../../../functions/security-lake-exporter/settings.js";
import { explaining } from "./aws-errors.js";
import { SHORT_CALLS } from "./deployed-function.js";

/** Lists the objects of a custom source, with the caller's own rights: the function's role may only write. */
export async function objectNamesInBucket({
  bucket,
  prefix,
  region,
}: LakeSettings): Promise<readonly ObjectName[]> {
  const s3 = explaining(
    new S3Client({
      ...SHORT_CALLS,
      region,
      // Only emulators have an endpoint of their own, and none of them serves buckets as host names.
      forcePathStyle: (process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]) !== undefined,
    }),
    {
      NoSuchBucket: `Bucket ${bucket} of the lake does not exist: deploy the exporter with the location of the lake.`,
    },
  );
  try {
    const names: ObjectName[] = [];
    const request = { Bucket: bucket, Prefix: `${prefix}${REGION_PARTITION}${region}/` };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, request)) {
      names.push(...Contents.flatMap(({ Key = "" }) => nameOf(Key.slice(prefix.length))));
    }
    return names;
  } finally {
    s3.destroy();
  }
}

function nameOf(key: string): readonly ObjectName[] {
  const { name } = parseObjectKey(key) ?? {};
  const parsed = name === undefined ? undefined : parseObjectName(name);
  return parsed === undefined ? [] : [parsed];
}
