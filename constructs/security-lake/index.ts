export type { Home } from "./arn.js";
export { CheckpointTable, type CheckpointTableProps } from "./checkpoint-table.js";
export { ClientSecret, type ClientSecretProps } from "./client-secret.js";
export { CustomSource, type CustomSourceProps } from "./custom-source.js";
export { DeadLetterQueue, type DeadLetterQueueProps } from "./dead-letter-queue.js";
export { Exporter, type ExporterProps, type ExporterTenant } from "./exporter.js";
export { ExporterAlarms, type ExporterAlarmsProps } from "./exporter-alarms.js";
export {
  type Architecture,
  ExporterFunction,
  type ExporterFunctionProps,
  type FunctionBundle,
  type LakeTarget,
} from "./exporter-function.js";
export { TenantSchedules, type TenantSchedulesProps } from "./tenant-schedules.js";
