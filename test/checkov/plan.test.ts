import { expect, it } from "vitest";
import { planOf } from "./plan.js";

it("is a stack with blocks as lists, maps as they are, and nothing of Terraform's own", () => {
  const stack = {
    "//": { metadata: {} },
    terraform: { required_version: ">= 1.11.0" },
    import: [{ to: "aws_s3_bucket_notification.n", id: "b" }],
    data: { aws_kms_key: { "log-key": { key_id: "alias/a" } } },
    resource: {
      aws_lambda_function: {
        exporter_function: {
          "//": { metadata: {} },
          function_name: "f",
          architectures: ["arm64"],
          environment: { variables: { A: "b" } },
          file_system_config: [{ local: { path: "/mnt" } }],
          kms_key_arn: "${data.aws_kms_key.log-key.arn}",
          tags: { owner: "security" },
          lifecycle: { prevent_destroy: true },
        },
      },
    },
  };
  expect(planOf(stack).planned_values.root_module.resources).toEqual([
    {
      address: "aws_lambda_function.exporter_function",
      mode: "managed",
      type: "aws_lambda_function",
      name: "exporter_function",
      values: {
        function_name: "f",
        architectures: ["arm64"],
        environment: [{ variables: { A: "b" } }],
        file_system_config: [{ local: [{ path: "/mnt" }] }],
        kms_key_arn: "${data.aws_kms_key.log-key.arn}",
        tags: { owner: "security" },
      },
    },
  ]);
});
