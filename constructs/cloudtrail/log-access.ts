import { accountRootArn } from "../../facts/arn.js";

/** Trails that deliver logs. */
export interface LogWriters {
  /** ARNs of the trails, composed from names: see `trailArn()`. */
  readonly trailArns: readonly string[];
  /** Accounts that own those trails (an organization trail: the management account), 12 digits each. */
  readonly trailAccountIds: readonly string[];
  /**
   * Organization whose trail is among them, `o-...`.
   *
   * @default - no organization trail
   */
  readonly organizationId?: string | undefined;
}

/** Roles of one account that read logs: Vectra's, or a SIEM's beside it. They need not exist yet. */
export interface LogReaders {
  /** Account of the roles, 12 digits. */
  readonly accountId: string;
  /** One role each: no patterns. */
  readonly roleArns: readonly string[];
}

/** Accounts of all readers, as principals, each once. */
export function readerAccounts(
  partition: string,
  readers: readonly LogReaders[],
): string | readonly string[] {
  const roots = readers.map(({ accountId }) => accountRootArn({ partition, accountId }));
  return oneOrMore(union(roots, []));
}

/** Roles of all readers, each once. */
export function readerRoles(readers: readonly LogReaders[]): string[] {
  return union(
    readers.flatMap(({ roleArns }) => roleArns),
    [],
  );
}

/** Who announces new log files on a topic: trails, or the bucket that they arrive in. */
export type NotificationPublisher =
  | { readonly trailArns: readonly string[] }
  | { readonly bucketArn: string; readonly bucketAccountId: string };

/** What policies know about publishers once all grants are taken together. */
export interface NotificationPublishers {
  readonly trailArns: readonly string[];
  readonly bucketArns: readonly string[];
  readonly bucketAccountIds: readonly string[];
}

export const NO_PUBLISHERS: NotificationPublishers = { trailArns: [], bucketArns: [], bucketAccountIds: [] };

/** Publishers with one more. */
export function withPublisher(
  publishers: NotificationPublishers,
  publisher: NotificationPublisher,
): NotificationPublishers {
  if ("trailArns" in publisher) {
    return { ...publishers, trailArns: union(publishers.trailArns, publisher.trailArns) };
  }
  return {
    ...publishers,
    bucketArns: union(publishers.bucketArns, [publisher.bucketArn]),
    bucketAccountIds: union(publishers.bucketAccountIds, [publisher.bucketAccountId]),
  };
}

/** Writers with some more. */
export function withWriters(writers: LogWriters | undefined, more: LogWriters): LogWriters {
  return {
    trailArns: union(writers?.trailArns ?? [], more.trailArns),
    trailAccountIds: union(writers?.trailAccountIds ?? [], more.trailAccountIds),
    organizationId: more.organizationId ?? writers?.organizationId,
  };
}

/** Both lists in their order, each element once. */
export function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])];
}

/** A single element as itself, as people write it in policies; several as a list. */
export function oneOrMore(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return only !== undefined && values.length === 1 ? only : values;
}
