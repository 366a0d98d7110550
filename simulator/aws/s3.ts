import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AwsAnswer, type AwsCall, awsError, refuseOperation } from "./call.js";
import type { Sts } from "./sts.js";

/** S3 as far as the exporter needs it: PutObject, path style, into one prefix of one bucket. */
export interface S3 {
  answer(call: AwsCall): Promise<AwsAnswer>;
}

/**
 * @param directory objects become files below it, at their keys
 * @param lake bucket, and the custom source's prefix (`ext/<source>/`), outside which the provider role's
 *   boundary allows nothing
 */
export function openS3(directory: string, lake: { bucket: string; prefix: string }, sts: Sts): S3 {
  async function putObject(call: AwsCall): Promise<AwsAnswer> {
    const headers = call.request.headers;
    const path = new URL(call.request.url ?? "/", "http://127.0.0.1").pathname;
    const [bucket = "", ...rest] = path.slice(1).split("/");
    const key = rest.map(decodeURIComponent).join("/");
    const denied = (why: string): AwsAnswer => awsError("s3", 403, "AccessDenied", `Access Denied: ${why}`);

    const sessionToken = headers["x-amz-security-token"];
    if (!sts.issued(call.accessKeyId, typeof sessionToken === "string" ? sessionToken : undefined)) {
      return denied("the credentials are not those of the provider role");
    }
    if (bucket !== lake.bucket) {
      return awsError("s3", 404, "NoSuchBucket", `The specified bucket does not exist: ${bucket}`);
    }
    if (!key.startsWith(lake.prefix) || key.split("/").includes("..")) {
      return denied(`${key} is outside ${lake.prefix}`);
    }
    if (headers["x-amz-acl"] !== undefined) {
      return denied("the provider role may not s3:PutObjectAcl");
    }

    const file = join(directory, key);
    await mkdir(dirname(file), { recursive: true });
    const bytes = objectBytes(call);
    await writeFile(file, bytes);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    return { status: 200, contentType: "application/xml", body: "", etag };
  }

  return {
    answer: async (call) => (call.operation === "PutObject" ? await putObject(call) : refuseOperation(call)),
  };
}

/** The SDK sends a stream as `aws-chunked`: `<hex length>[;extensions]\r\n<bytes>\r\n` …, then trailers. */
function objectBytes(call: AwsCall): Buffer {
  const payload = call.request.headers["x-amz-content-sha256"];
  if (typeof payload !== "string" || !payload.startsWith("STREAMING-")) {
    return call.body;
  }
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = call.body.indexOf("\r\n", offset);
    const length = Number.parseInt(call.body.toString("latin1", offset, lineEnd), 16);
    if (lineEnd === -1 || !(length > 0)) {
      return Buffer.concat(chunks);
    }
    chunks.push(call.body.subarray(lineEnd + 2, lineEnd + 2 + length));
    offset = lineEnd + 2 + length + 2;
  }
}
