export { PropError } from "../prop-error.js";
export { AccountConnection, type AccountConnectionProps } from "./account-connection.js";
export type { EventSelectorProps, S3DataEventScope } from "./event-selectors.js";
export type { LogBucketAttributes } from "./existing-log-bucket.js";
export type { LogKeyAttributes } from "./existing-log-key.js";
export type { NotificationTopicAttributes } from "./existing-notification-topic.js";
export type { LogReaders, LogWriters, NotificationPublisher } from "./log-access.js";
export { LogBucket } from "./log-bucket.js";
export type { ComposedBucket, ILogBucket } from "./log-bucket-base.js";
export type { AccessLogs, LogBucketProps, ObjectLock } from "./log-bucket-props.js";
export { LogKey, type LogKeyProps } from "./log-key.js";
export type { ILogKey } from "./log-key-base.js";
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic.js";
export type { ComposedTopic, INotificationTopic } from "./notification-topic-base.js";
export type { TopicSubscriber } from "./notification-topic-policy.js";
export {
  type CurrentNotifications,
  type NotificationEntry,
  S3Notification,
  type S3NotificationProps,
} from "./s3-notification.js";
export { Trail } from "./trail.js";
export { TrailLogGroup, type TrailLogGroupProps } from "./trail-log-group.js";
export type { Insight, ITrail, TrailLogDestination, TrailProps } from "./trail-props.js";
export { VectraRole } from "./vectra-role.js";
export type {
  IVectraRole,
  VectraConnection,
  VectraRoleProps,
  VectraSubscription,
} from "./vectra-role-props.js";
