export type { AccountAndRegion } from "../../facts/arn.js";
export { eventClassOf } from "../../facts/environment.js";
export { PropError } from "../prop-error.js";
export type { AlarmTopicStatements } from "./alarm-topic-policy.js";
export type { LakeTable } from "./athena/analyst-query.js";
export { AthenaQueries, type AthenaQueriesProps } from "./athena-queries.js";
export { BackfillStateMachine, type BackfillStateMachineProps } from "./backfill-state-machine.js";
export { CheckpointTable, type CheckpointTableProps } from "./checkpoint-table.js";
export { ClientSecret, type ClientSecretProps } from "./client-secret.js";
export type { ClientSecretKey, KeyStatementToAdd } from "./client-secret-keys.js";
export { CustomSource, type CustomSourceProps } from "./custom-source.js";
export { DeadLetterQueue, type DeadLetterQueueProps } from "./dead-letter-queue.js";
export type { CustomSourceAttributes, ICustomSource } from "./existing-custom-source.js";
export { Exporter } from "./exporter.js";
export { ExporterAlarms, type ExporterAlarmsProps } from "./exporter-alarms.js";
export type { ExporterAthenaQueries } from "./exporter-athena-queries.js";
export type { ExporterBackfill } from "./exporter-backfill.js";
export { ExporterDashboard, type ExporterDashboardProps } from "./exporter-dashboard.js";
export { ExporterFunction, type ExporterFunctionProps } from "./exporter-function.js";
export type {
  Architecture,
  ExporterFunctionOptions,
  ExporterVpc,
  FunctionBundle,
  LogLevel,
} from "./exporter-function-options.js";
export type { ExporterProps } from "./exporter-props.js";
export type { ExistingClientSecret, ExporterTenant } from "./exporter-tenant.js";
export { providerEncryptsLake } from "./lake-key-policy.js";
export { SavedQueries, type SavedQueriesProps } from "./saved-queries.js";
export { TenantSchedules, type TenantSchedulesProps } from "./tenant-schedules.js";
