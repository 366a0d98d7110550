import { parseArn } from "../arn.js";
import { DEFAULT_PARTITION } from "../partitions.js";
import { type Check, effective, given } from "./check.js";

/** The trust can be narrowed to one principal of Vectra's account, not to one of another. */
export const vectraPrincipal: Check<{
  vectraPrincipalArn: string;
  vectraAccountId: string;
  partition: string;
}> = (values, name) => {
  const arn = parseArn(given(values.vectraPrincipalArn));
  const account = given(values.vectraAccountId);
  const partition = effective(values.partition, DEFAULT_PARTITION);
  if (arn === undefined) {
    return [];
  }
  const otherAccount = account !== undefined && arn.accountId !== account;
  const otherPartition = partition !== undefined && arn.partition !== partition;
  const remedy = `Copy account and principal from the same page of the Vectra UI, or omit ${name("vectraPrincipalArn")}: account and External ID are enough.`;
  if (otherAccount) {
    return [
      {
        key: "vectraPrincipalArn",
        problem: `the principal is in account ${arn.accountId}, but Vectra's account (${name("vectraAccountId")}) is ${account}`,
        allowed: `a role or user in account ${account}`,
        remedy,
      },
    ];
  }
  return otherPartition
    ? [
        {
          key: "vectraPrincipalArn",
          problem: `the principal is in partition ${arn.partition}, but the role is in ${partition}`,
          remedy,
        },
      ]
    : [];
};
