import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import { AccountConnection, LogBucket, LogKey, VectraRole } from "../../constructs/cloudtrail/index.js";
import { StsTokens } from "../../constructs/iam/index.js";
import { BrainEgress } from "../../constructs/network/index.js";
import { CustomSource, Exporter } from "../../constructs/security-lake/index.js";

const here = { accountId: "222222222222", region: "eu-west-1" };

function stack(): TerraformStack {
  return new TerraformStack(Testing.app(), "account");
}

/** What `process.env["NAME"]!` is where the variable is not set. */
const UNSET = undefined as unknown as string;

const connection = {
  name: "vectra",
  ...here,
  bucketName: "acme-logs",
  vectraAccountId: "999999999999",
  externalId: "acme-external-id",
};

describe("a required prop that is undefined at run time", () => {
  it.each(Object.keys(connection))("is refused: AccountConnection without %s", (prop) => {
    expect(
      () => new AccountConnection(stack(), "connection", { ...connection, [prop]: undefined } as never),
    ).toThrow(
      `account/connection: ${prop} is undefined: is required. Set it; check the variable that it is taken from.`,
    );
  });

  it("is refused: a role whose trust policy would have no External ID", () => {
    const scope = stack();
    const key = new LogKey(scope, "key", { ...here, aliasName: "logs" });
    const bucket = new LogBucket(scope, "bucket", { ...here, bucketName: "acme-logs", key });
    const props = {
      ...{ roleName: "vectra", accountId: here.accountId, vectraAccountId: "999999999999" },
      ...{ bucket, key },
    };

    expect(() => new VectraRole(scope, "role", { ...props, externalId: UNSET })).toThrow(
      "account/role: externalId is undefined: is required.",
    );
    expect(() =>
      VectraRole.fromVectraRoleArn(scope, "existing", "arn:aws:iam::222222222222:role/vectra", {
        ...{ bucket, vectraAccountId: "999999999999" },
        externalId: UNSET,
      }),
    ).toThrow("account/existing: externalId is undefined: is required.");
  });

  it("is refused: an existing key, a custom source, a network", () => {
    expect(() => LogKey.fromLogKeyAttributes(stack(), "key", { keyArn: UNSET })).toThrow(
      "account/key: keyArn is undefined: is required.",
    );
    expect(() => new CustomSource(stack(), "source", { sourceName: "vectra-cdr" } as never)).toThrow(
      /^account\/source: \w+ is undefined: is required\./,
    );
    expect(() => new BrainEgress(stack(), "brain", { name: "brain" } as never)).toThrow(
      "account/brain: regions is undefined: is required.",
    );
    expect(() => new StsTokens(stack(), "sts", {} as never)).not.toThrow();
  });

  it.each(["bundle", "tenants", "customSource"])("is refused: an exporter without %s", (prop) => {
    const scope = stack();
    const customSource = CustomSource.fromCustomSourceAttributes(scope, "source", {
      ...here,
      location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/",
      providerRoleArn: "arn:aws:iam::222222222222:role/provider",
      externalId: "0123456789abcdef",
    });
    const bundle = { zipPath: "exporter.zip", sourceCodeHash: "hash" };
    const tenants = [
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        partitionAccountId: "222222222222",
      },
    ];
    const props = { name: "exporter", ...here, bundle, tenants, customSource };

    expect(() => new Exporter(scope, "exporter", { ...props, [prop]: undefined } as never)).toThrow(
      `account/exporter: ${prop} is undefined: is required.`,
    );
    for (const option of ["name", "url", "partitionAccountId"]) {
      const incomplete = { ...tenants[0], [option]: undefined } as never;
      expect(() => new Exporter(scope, `${prop}-${option}`, { ...props, tenants: [incomplete] })).toThrow(
        `account/${prop}-${option}: tenants[0].${option} is undefined: is required.`,
      );
    }
  });
});
