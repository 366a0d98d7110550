import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, TerraformStack } from "cdktf";
import { AccountConnection } from "../../../constructs/cloudtrail/index.js";

const app = new App();
const stack = new TerraformStack(app, "cloudtrail");
new AwsProvider(stack, "aws", { region: "eu-west-1" });
new AccountConnection(stack, "vectra", {
  name: "vectra-cdr",
  accountId: "111111111111",
  region: "eu-west-1",
  bucketName: "acme-vectra-cdr-logs",
  vectraAccountId: "999999999999",
  externalId: "shown-by-the-vectra-ui",
});
app.synth();
