export { bucketArn, keyAliasArn, topicArn, trailArn } from "./arn.js";
export { advancedEventSelectors, type EventSelectorProps, type S3DataEventScope } from "./event-selectors.js";
export { LogBucket, type LogBucketProps } from "./log-bucket.js";
export { LogKey, type LogKeyProps } from "./log-key.js";
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic.js";
export { Trail, type TrailProps } from "./trail.js";
export { VectraRole, type VectraRoleProps } from "./vectra-role.js";
