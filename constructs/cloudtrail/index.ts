export { bucketArn, keyAliasArn, topicArn, trailArn } from "../../facts/arn.js";
export { PropError } from "../prop-error.js";
export { AccountConnection, type AccountConnectionProps } from "./account-connection.js";
export { advancedEventSelectors, type EventSelectorProps, type S3DataEventScope } from "./event-selectors.js";
export type { LogBucketAttributes } from "./existing-log-bucket.js";
export type { LogKeyAttributes } from "./existing-log-key.js";
export type { NotificationTopicAttributes } from "./existing-notification-topic.js";
export type { LogReaders, LogWriters, NotificationPublisher } from "./log-access.js";
export { LogBucket } from "./log-bucket.js";
export type { ILogBucket } from "./log-bucket-base.js";
export type { AccessLogs, LogBucketProps, ObjectLock } from "./log-bucket-props.js";
export { LogKey, type LogKeyProps } from "./log-key.js";
export type { ILogKey } from "./log-key-base.js";
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic.js";
export type { INotificationTopic } from "./notification-topic-base.js";
export type { TopicSubscriber } from "./notification-topic-policy.js";
export {
  type CurrentNotifications,
  type NotificationEntry,
  S3Notification,
  type S3NotificationProps,
} from "./s3-notification.js";
export { type Insight, type ITrail, Trail, type TrailLogDestination, type TrailProps } from "./trail.js";
export { TrailLogGroup, type TrailLogGroupProps } from "./trail-log-group.js";
export { type IVectraRole, VectraRole, type VectraRoleProps } from "./vectra-role.js";
