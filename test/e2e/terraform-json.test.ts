import { describe, expect, it } from "vitest";
import { type Attributes, resolve, resourcesOf } from "./terraform-json.js";

const existing = new Map<string, Attributes>([
  ["aws_sqs_queue.dead-letters", { arn: "arn:aws:sqs:::q", name: "q" }],
  ["aws_securitylake_custom_log_source.source", { provider_details: [{ location: "s3://lake/ext/x/" }] }],
]);

describe("the resources of a stack", () => {
  it("come after those that they refer to or depend on", () => {
    const stack = {
      resource: {
        aws_lambda_function: {
          function: { role: "${aws_iam_role.role.arn}", depends_on: ["aws_iam_role_policy.policy"] },
        },
        aws_iam_role_policy: { policy: { policy: '{"Resource":"${aws_sqs_queue.queue.arn}"}' } },
        aws_sqs_queue: { queue: { name: "q", lifecycle: { prevent_destroy: true } } },
        aws_iam_role: { role: { name: "r" } },
      },
    };
    expect(resourcesOf(stack)).toEqual([
      { address: "aws_sqs_queue.queue", type: "aws_sqs_queue", declared: { name: "q" }, dependsOn: [] },
      { address: "aws_iam_role.role", type: "aws_iam_role", declared: { name: "r" }, dependsOn: [] },
      {
        address: "aws_iam_role_policy.policy",
        type: "aws_iam_role_policy",
        declared: { policy: '{"Resource":"${aws_sqs_queue.queue.arn}"}' },
        dependsOn: ["aws_sqs_queue.queue"],
      },
      {
        address: "aws_lambda_function.function",
        type: "aws_lambda_function",
        declared: { role: "${aws_iam_role.role.arn}" },
        dependsOn: ["aws_iam_role_policy.policy", "aws_iam_role.role"],
      },
    ]);
  });

  it("are refused when they refer to each other, or to nothing", () => {
    const cycle = { a: { name: "${aws_sqs_queue.b.name}" }, b: { name: "${aws_sqs_queue.a.name}" } };
    expect(() => resourcesOf({ resource: { aws_sqs_queue: cycle } })).toThrow(
      "aws_sqs_queue.a -> aws_sqs_queue.b",
    );
    const dangling = { a: { name: "${aws_sqs_queue.gone.name}" } };
    expect(() => resourcesOf({ resource: { aws_sqs_queue: dangling } })).toThrow("aws_sqs_queue.gone");
  });

  it("may be imported, and what never was there forgotten", () => {
    const stack = {
      import: [{ to: "aws_s3_bucket_notification.n", id: "logs" }],
      removed: [{ from: "aws_s3_bucket_policy.p", lifecycle: { destroy: false } }],
      resource: { aws_s3_bucket_notification: { n: { bucket: "logs" } } },
    };
    expect(resourcesOf(stack).map(({ address }) => address)).toEqual(["aws_s3_bucket_notification.n"]);
  });

  it("are refused beside blocks that only Terraform can evaluate", () => {
    expect(() => resourcesOf({ resource: {}, data: { aws_kms_key: {} } })).toThrow("blocks: data");
  });
});

describe("a value's references", () => {
  it("are replaced wherever they stand", () => {
    const value = {
      target: [{ arn: "${aws_sqs_queue.dead-letters.arn}" }],
      policy: '{"Resource":["${aws_sqs_queue.dead-letters.arn}","${aws_sqs_queue.dead-letters.name}"]}',
      location: "${aws_securitylake_custom_log_source.source.provider_details[0].location}",
      filename: "${path.module}/assets/x.zip",
      retries: 3,
    };
    expect(resolve(value, existing, "/stack")).toEqual({
      target: [{ arn: "arn:aws:sqs:::q" }],
      policy: '{"Resource":["arn:aws:sqs:::q","q"]}',
      location: "s3://lake/ext/x/",
      filename: "/stack/assets/x.zip",
      retries: 3,
    });
  });

  it("keep the type of what they refer to when they are all there is", () => {
    expect(
      resolve("${aws_securitylake_custom_log_source.source.provider_details}", existing, "/stack"),
    ).toEqual([{ location: "s3://lake/ext/x/" }]);
  });

  it("leave IAM's own variables, which come escaped", () => {
    expect(resolve("home/$${aws:username}/*", existing, "/stack")).toBe("home/${aws:username}/*");
  });

  it("are refused when nothing is there, or when they are more than a reference", () => {
    expect(() => resolve("${aws_sqs_queue.dead-letters.url}", existing, "/stack")).toThrow(
      "aws_sqs_queue.dead-letters has no such attribute",
    );
    expect(() => resolve("${jsonencode({})}", existing, "/stack")).toThrow(
      "only Terraform can evaluate this",
    );
    expect(() => resolve("x-${data.aws_kms_key.key.arn}", existing, "/stack")).toThrow("only Terraform");
  });
});
