/**
 * ARNs composed from names, so that a plan shows the exporter's policies in full before anything exists.
 * Only strings are joined, so every part may be an unresolved token.
 */

/** Where a resource of the exporter lives. */
export interface AccountAndRegion {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export function functionArn(
  { partition, region, accountId }: AccountAndRegion,
  functionName: string,
): string {
  return `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`;
}

export function logGroupArn(
  { partition, region, accountId }: AccountAndRegion,
  logGroupName: string,
): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}`;
}

export function tableArn({ partition, region, accountId }: AccountAndRegion, tableName: string): string {
  return `arn:${partition}:dynamodb:${region}:${accountId}:table/${tableName}`;
}

export function queueArn({ partition, region, accountId }: AccountAndRegion, queueName: string): string {
  return `arn:${partition}:sqs:${region}:${accountId}:${queueName}`;
}

export function scheduleGroupArn(
  { partition, region, accountId }: AccountAndRegion,
  groupName: string,
): string {
  return `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${groupName}`;
}

export function stateMachineArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
}

/** Every execution of a state machine. */
export function executionsArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:states:${region}:${accountId}:execution:${name}:*`;
}

/** Every alarm whose name begins with this one and a hyphen. */
export function alarmsArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}-*`;
}
