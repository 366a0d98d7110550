import type { IncomingMessage, ServerResponse } from "node:http";

/** An AWS service with a stand-in. */
export type AwsService = "sts" | "s3" | "secretsmanager" | "dynamodb";

/** One call to an AWS API, as it arrives. */
export interface AwsCall {
  readonly service: AwsService;
  /** The operation's API name: `AssumeRole`, `PutObject`, … */
  readonly operation: string;
  /** Of the credentials that signed the call. */
  readonly accessKeyId: string;
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

/** A stand-in's response. */
export interface AwsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** S3's, of an object that was stored. */
  readonly etag?: string;
}

/**
 * Recognizes a call by its SigV4 credential scope (`Credential=<key>/<date>/<region>/<service>/aws4_request`),
 * because all services share one address. Returns undefined for a request that is not signed for one of these services.
 */
export function recognizeCall(request: IncomingMessage, body: Buffer): AwsCall | undefined {
  const scope = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(
    request.headers.authorization ?? "",
  );
  const accessKeyId = scope?.[1];
  const service = scope?.[2];
  if (accessKeyId === undefined) {
    return undefined;
  }
  switch (service) {
    case "sts":
      return {
        service,
        operation: new URLSearchParams(body.toString()).get("Action") ?? "",
        accessKeyId,
        request,
        body,
      };
    case "s3":
      return { service, operation: s3Operation(request), accessKeyId, request, body };
    case "secretsmanager":
    case "dynamodb":
      return { service, operation: targetOperation(request), accessKeyId, request, body };
    default:
      return undefined;
  }
}

/** An error in the shape of the service's protocol, so that the SDK recognizes it. */
export function awsError(service: AwsService, status: number, code: string, message: string): AwsAnswer {
  switch (service) {
    case "sts":
      return {
        status,
        contentType: "text/xml",
        body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>simulated</RequestId></ErrorResponse>`,
      };
    case "s3":
      return {
        status,
        contentType: "application/xml",
        body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>simulated</RequestId></Error>`,
      };
    case "secretsmanager":
    case "dynamodb":
      return {
        status,
        contentType: "application/x-amz-json-1.1",
        body: JSON.stringify({ __type: code, message, Message: message }),
      };
  }
}

/** Refuses an operation that the exporter must not call; its role does not allow it either. */
export function refuseOperation(call: AwsCall): AwsAnswer {
  return awsError(
    call.service,
    403,
    "AccessDenied",
    `The stand-in for ${call.service} does not support ${call.operation}: the exporter's role does not allow it.`,
  );
}

export function sendAwsAnswer(response: ServerResponse, answer: AwsAnswer): void {
  const etag = answer.etag === undefined ? {} : { etag: answer.etag };
  response.writeHead(answer.status, { "content-type": answer.contentType, ...etag }).end(answer.body);
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function s3Operation(request: IncomingMessage): string {
  const named = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("x-id");
  if (named !== null) {
    return named;
  }
  return request.method === "PUT" ? "PutObject" : `${request.method} request`;
}

/** JSON protocols name the operation in a header: `secretsmanager.GetSecretValue`. */
function targetOperation(request: IncomingMessage): string {
  const target = request.headers["x-amz-target"];
  return typeof target === "string" ? (target.split(".").at(-1) ?? "") : "";
}
