import { randomBytes } from "node:crypto";
import { type AwsAnswer, type AwsCall, awsError, escapeXml, refuseOperation } from "./call.js";

/** STS as far as the exporter needs it: one role that may be assumed with one External ID. */
export interface Sts {
  answer(call: AwsCall): AwsAnswer;
  /** Whether these credentials were issued by this stand-in. */
  issued(accessKeyId: string, sessionToken: string | undefined): boolean;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS's shortest session; long enough for any rehearsal or test. */
const SESSION_MILLISECONDS = 15 * 60 * 1000;

/**
 * @param role the provider role that Security Lake creates for a custom source, and the External ID in its trust policy
 */
export function openSts(role: { roleArn: string; externalId: string }): Sts {
  const sessionTokens = new Map<string, string>();

  function assumeRole(call: AwsCall): AwsAnswer {
    const form = new URLSearchParams(call.body.toString());
    const roleArn = form.get("RoleArn") ?? "";
    if (roleArn !== role.roleArn || form.get("ExternalId") !== role.externalId) {
      // STS does not say which of the two is wrong.
      return awsError(
        "sts",
        403,
        "AccessDenied",
        `User: ${call.accessKeyId} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    }
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const sessionToken = randomBytes(48).toString("base64");
    sessionTokens.set(accessKeyId, sessionToken);
    const session = escapeXml(form.get("RoleSessionName") ?? "");
    const assumedArn = `${roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${session}`;
    return {
      status: 200,
      contentType: "text/xml",
      body: [
        `<AssumeRoleResponse xmlns="${NAMESPACE}"><AssumeRoleResult><Credentials>`,
        `<AccessKeyId>${accessKeyId}</AccessKeyId>`,
        `<SecretAccessKey>${randomBytes(20).toString("hex")}</SecretAccessKey>`,
        `<SessionToken>${sessionToken}</SessionToken>`,
        `<Expiration>${new Date(Date.now() + SESSION_MILLISECONDS).toISOString()}</Expiration>`,
        `</Credentials><AssumedRoleUser><Arn>${assumedArn}</Arn>`,
        `<AssumedRoleId>AROASIMULATED:${session}</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>`,
        `<ResponseMetadata><RequestId>simulated</RequestId></ResponseMetadata></AssumeRoleResponse>`,
      ].join(""),
    };
  }

  return {
    answer: (call) => (call.operation === "AssumeRole" ? assumeRole(call) : refuseOperation(call)),
    issued: (accessKeyId, sessionToken) =>
      sessionToken !== undefined && sessionTokens.get(accessKeyId) === sessionToken,
  };
}
