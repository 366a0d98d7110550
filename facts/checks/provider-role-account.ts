import { parseArn } from "../arn.js";
import { DEFAULT_PARTITION } from "../partitions.js";
import { type Check, effective, given } from "./check.js";

/** Security Lake creates the provider role of a custom source in the lake's account. */
export const providerRoleAccount: Check<{
  providerRoleArn: string;
  accountId: string;
  partition: string;
}> = (values) => {
  const arn = parseArn(given(values.providerRoleArn));
  const account = given(values.accountId);
  const partition = effective(values.partition, DEFAULT_PARTITION);
  if (arn === undefined) {
    return [];
  }
  const remedy = 'Copy provider.roleArn from "aws securitylake list-log-sources".';
  if (account !== undefined && arn.accountId !== account) {
    const problem = `the role is in account ${arn.accountId}, but the lake is in ${account}`;
    return [{ key: "providerRoleArn", problem, allowed: `a role in account ${account}`, remedy }];
  }
  return partition === undefined || arn.partition === partition
    ? []
    : [
        {
          key: "providerRoleArn",
          problem: `the role is in partition ${arn.partition}, but the lake is in ${partition}`,
          remedy,
        },
      ];
};
