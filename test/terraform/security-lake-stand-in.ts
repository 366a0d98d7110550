import type { IncomingMessage, ServerResponse } from "node:http";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import * as z from "zod";
import { listenOnLoopback, readBody } from "../../simulator/loopback.js";
import type { EmulatedClient } from "../e2e/ministack.js";

/** The part of the Security Lake API that custom sources need; no emulator has it. */
export interface SecurityLakeStandIn {
  /** Value for `AWS_ENDPOINT_URL_SECURITYLAKE`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Body of CreateCustomLogSource, with the limits of the service's API model. */
const createRequest = z.strictObject({
  sourceName: z.string().regex(/^[\w\-_:.]{1,64}$/),
  sourceVersion: z.string().optional(),
  eventClasses: z.array(z.enum(["SECURITY_FINDING", "DETECTION_FINDING"])).optional(),
  configuration: z.strictObject({
    crawlerConfiguration: z.strictObject({ roleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/) }),
    providerIdentity: z.strictObject({
      principal: z.string().regex(/^\d{12}$/),
      externalId: z.string().regex(/^[\w+=,.@:/-]{2,1224}$/),
    }),
  }),
});

/**
 * Answers CreateCustomLogSource, ListLogSources and DeleteCustomLogSource as Security Lake does, and likewise creates
 * the provider role of a source: the given account may assume it with the External ID, and it may only put objects below
 * the source's own prefix.
 *
 * @param account client settings of the account that owns the lake, where the roles are created.
 * @param accountId that account.
 * @param lakeBucket the lake's own bucket in the client's region.
 */
export async function startSecurityLakeStandIn(
  account: EmulatedClient,
  accountId: string,
  lakeBucket: string,
): Promise<SecurityLakeStandIn> {
  const iam = new IAMClient(account);
  const sources = new Map<string, Source>();

  async function create(body: string): Promise<Reply> {
    const parsed = createRequest.safeParse(JSON.parse(body));
    if (!parsed.success) {
      return refusal(400, "ValidationException", z.prettifyError(parsed.error));
    }
    const { sourceName, configuration } = parsed.data;
    if (sources.has(sourceName)) {
      return refusal(409, "ConflictException", `${sourceName} already exists.`);
    }
    const source = described(sourceName, account.region, accountId, lakeBucket);
    await makeProviderRole(iam, source, lakeBucket, configuration.providerIdentity);
    sources.set(sourceName, source);
    return { status: 200, body: { source } };
  }

  async function remove(sourceName: string): Promise<Reply> {
    if (!sources.delete(sourceName)) {
      return refusal(404, "ResourceNotFoundException", `Source ${sourceName} does not exist.`);
    }
    const RoleName = providerRoleName(sourceName, account.region);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: providerPolicy }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    return { status: 200, body: {} };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, errorType } = await reply(request);
    response.writeHead(status, {
      "content-type": "application/json",
      ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
    });
    response.end(JSON.stringify(body));
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const body = (await readBody(request)).toString();
    const call = `${request.method} ${pathname}`;
    if (call === "POST /v1/datalake/logsources/custom") {
      return create(body);
    }
    if (call === "POST /v1/datalake/logsources/list") {
      const listed = [...sources.values()].map((source) => ({ customLogSource: source }));
      const entry = { account: accountId, region: account.region, sources: listed };
      return { status: 200, body: { sources: listed.length === 0 ? [] : [entry] } };
    }
    const named = /^DELETE \/v1\/datalake\/logsources\/custom\/([^/]+)$/.exec(call)?.[1];
    if (named !== undefined) {
      return remove(decodeURIComponent(named));
    }
    return refusal(404, "ResourceNotFoundException", `The Security Lake stand-in does not support ${call}.`);
  }

  const server = await listenOnLoopback(serve);
  return { url: server.url, close: server.close };
}

type Source = ReturnType<typeof described>;

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly errorType?: string;
}

function refusal(status: number, errorType: string, message: string): Reply {
  return { status, errorType, body: { message } };
}

const providerPolicy = "AmazonSecurityLake-Provider";

function providerRoleName(sourceName: string, region: string): string {
  return `AmazonSecurityLake-Provider-${sourceName}-${region}`;
}

/** A source in the API's own shape. */
function described(sourceName: string, region: string, accountId: string, lakeBucket: string) {
  const glue = `arn:aws:glue:${region}:${accountId}`;
  return {
    sourceName,
    attributes: {
      crawlerArn: `${glue}:crawler/${sourceName}`,
      databaseArn: `${glue}:database/amazon_security_lake_glue_db_${region.replaceAll("-", "_")}`,
      tableArn: `${glue}:table/amazon_security_lake_table_${region.replaceAll("-", "_")}_ext_${sourceName}`,
    },
    provider: {
      location: `s3://${lakeBucket}/ext/${sourceName}/`,
      roleArn: `arn:aws:iam::${accountId}:role/${providerRoleName(sourceName, region)}`,
    },
  };
}

async function makeProviderRole(
  iam: IAMClient,
  source: Source,
  lakeBucket: string,
  identity: { principal: string; externalId: string },
): Promise<void> {
  const RoleName = source.provider.roleArn.slice(source.provider.roleArn.indexOf("/") + 1);
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: identity.principal },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "sts:ExternalId": identity.externalId } },
          },
        ],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: providerPolicy,
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: `arn:aws:s3:::${lakeBucket}/ext/${source.sourceName}/*`,
          },
        ],
      }),
    }),
  );
}
