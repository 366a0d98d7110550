import { parseArn } from "../arn.js";
import { type Check, given } from "./check.js";

/** The exporter reads secrets in its own account and region. */
export const secretBesideExporter: Check<{
  secretArns: readonly string[];
  accountId: string;
  region: string;
}> = (values) => {
  const account = given(values.accountId);
  const region = given(values.region);
  return values.secretArns.flatMap((secretArn, index) => {
    const arn = parseArn(given(secretArn));
    return arn === undefined ||
      account === undefined ||
      region === undefined ||
      (arn.accountId === account && arn.region === region)
      ? []
      : [
          {
            key: "secretArns",
            index,
            problem: `the secret is in account ${arn.accountId}, ${arn.region}, but the exporter is in account ${account}, ${region}`,
            allowed: `a secret in account ${account}, ${region}`,
            remedy: `Use a secret in account ${account}, ${region}, or have one created.`,
          },
        ];
  });
};
