import { describe, expect, it } from "vitest";
import * as patterns from "../../constructs/patterns.js";

describe("A pattern", () => {
  it.each<[string, patterns.Pattern, readonly string[], readonly string[]]>([
    [
      "ACCOUNT_ID",
      patterns.ACCOUNT_ID,
      ["000000000001"],
      ["11111111111", "1111111111111", "11111111111a", " 111111111111"],
    ],
    ["ORGANIZATION_ID", patterns.ORGANIZATION_ID, ["o-a1b2c3d4e5"], ["o-A1B2C3D4E5", "o-a1b2", "a1b2c3d4e5"]],
    ["EXTERNAL_ID", patterns.EXTERNAL_ID, ["vectra:7f3c", "a=b,c.d@e/f-g+h_i"], ["x", "with blank", "a;b"]],
    ["LAKE_EXTERNAL_ID", patterns.LAKE_EXTERNAL_ID, ["0123456789abcdef"], ["0123456789abcde"]],
    ["ROLE_NAME", patterns.ROLE_NAME, ["vectra-cdr_log+reader"], ["path/role", "x".repeat(65), ""]],
    [
      "ROLE_PATH",
      patterns.ROLE_PATH,
      ["/", "/security/", "/a/b/c/d/e/"],
      ["", "security/", "/security", "//", `/${"a".repeat(511)}/`],
    ],
    [
      "ROLE_ARN",
      patterns.ROLE_ARN,
      ["arn:aws:iam::111111111111:role/name", "arn:aws-us-gov:iam::111111111111:role/a/b/name"],
      ["arn:aws:iam::111111111111:user/name", "arn:aws:sts::111111111111:assumed-role/name/s", "role/name"],
    ],
    [
      "PRINCIPAL_ARN",
      patterns.PRINCIPAL_ARN,
      ["arn:aws:iam::999999999999:role/a/name", "arn:aws:iam::999999999999:user/name"],
      [
        "arn:aws:iam::999999999999:role/*",
        "arn:aws:iam::999999999999:role/*/name",
        "arn:aws:iam::999999999999:role/?/name",
        "arn:aws:iam::999999999999:root",
      ],
    ],
    [
      "POLICY_ARN",
      patterns.POLICY_ARN,
      ["arn:aws:iam::111111111111:policy/boundary", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"],
      ["arn:aws:iam::111111111111:role/boundary"],
    ],
    [
      "KEY_ARN",
      patterns.KEY_ARN,
      ["arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-0123456789abcdef0123456789abcdef"],
      ["arn:aws:kms:eu-west-1:111111111111:alias/logs", "alias/logs"],
    ],
    [
      "BUCKET_NAME",
      patterns.BUCKET_NAME,
      ["acme-logs", "a.b", "x".repeat(63)],
      [
        "ab",
        "x".repeat(64),
        "Acme",
        "-acme",
        "acme-",
        "a..b",
        "192.168.0.1",
        "xn--acme",
        "sthree-acme",
        "amzn-s3-demo-acme",
        "acme-s3alias",
        "acme--ol-s3",
        "acme--x-s3",
        "acme--table-s3",
        "acme.mrap",
        "s3://acme",
      ],
    ],
    [
      "KEY_PREFIX",
      patterns.KEY_PREFIX,
      ["audit", "a/b"],
      ["/audit", "audit/", "a//b", "AWSLogs", "AWSLogs/x", "x".repeat(201)],
    ],
    [
      "TRAIL_NAME",
      patterns.TRAIL_NAME,
      ["acme", "a.b_c-d", "x".repeat(128)],
      ["ab", "x".repeat(129), "a..b", "a-_b", "-acme", "acme-", "192.168.0.1"],
    ],
    [
      "TRAIL_ARN",
      patterns.TRAIL_ARN,
      ["arn:aws:cloudtrail:eu-west-1:111111111111:trail/acme"],
      ["arn:aws:cloudtrail:eu-west-1:111111111111:trail/", "acme"],
    ],
    ["TOPIC_NAME", patterns.TOPIC_NAME, ["logs", "a_b-c"], ["logs.fifo", "x".repeat(257)]],
    [
      "TOPIC_ARN",
      patterns.TOPIC_ARN,
      ["arn:aws:sns:eu-west-1:111111111111:logs"],
      ["arn:aws:sns:eu-west-1:111111111111:logs.fifo", "arn:aws:sns:eu-west-1:111111111111:logs:0-1-2"],
    ],
    [
      "LOG_GROUP_NAME",
      patterns.LOG_GROUP_NAME,
      ["/aws/cloudtrail/acme", "a#b"],
      ["aws/acme", "a b", "x".repeat(513)],
    ],
    [
      "SECURITY_GROUP_ID",
      patterns.SECURITY_GROUP_ID,
      ["sg-01234567", "sg-0123456789abcdef0"],
      ["sg-0", "default"],
    ],
    ["SUBNET_ID", patterns.SUBNET_ID, ["subnet-01234567"], ["subnet-x", "sg-01234567"]],
    [
      "SECRET_ARN",
      patterns.SECRET_ARN,
      ["arn:aws:secretsmanager:eu-west-1:333333333333:secret:a/b-AbCdEf"],
      ["arn:aws:secretsmanager:eu-west-1:333333333333:secret:short", "a/b"],
    ],
    ["SOURCE_NAME", patterns.SOURCE_NAME, ["vectra-cdr", "a_b:c.d"], ["x".repeat(21), "a/b"]],
    [
      "TENANT_NAME",
      patterns.TENANT_NAME,
      ["acme", "a", "x".repeat(31)],
      ["Acme", "1acme", "x".repeat(32), ""],
    ],
    [
      "TENANT_URL",
      patterns.TENANT_URL,
      [
        "https://123123123123.uw2.portal.vectra.ai",
        "https://vectra.acme.example:8443/",
        "http://127.0.0.1:4321",
        "http://[::1]:4321",
      ],
      [
        "http://123123123123.uw2.portal.vectra.ai",
        "https://x.portal.vectra.ai/api",
        "https://x.portal.vectra.ai?a=b",
        "https://me:pw@x.portal.vectra.ai",
        "https://X.portal.vectra.ai",
        "x.portal.vectra.ai",
      ],
    ],
    ["WORKGROUP_NAME", patterns.WORKGROUP_NAME, ["primary", "a.b_C-1"], ["a b", "x".repeat(129)]],
    ["GLUE_NAME", patterns.GLUE_NAME, ["amazon_security_lake_table_eu_west_1"], ["Table", ""]],
  ])("%s takes what AWS or Vectra take, and nothing else", (_, { regex }, taken, refused) => {
    expect(taken.filter((text) => !regex.test(text))).toEqual([]);
    expect(refused.filter((text) => regex.test(text))).toEqual([]);
  });
});
