export { eventClassOf } from "../../facts/profiles.js";
export { PropError } from "../prop-error.js";
export type { AlarmTopicStatements } from "./alarm-topic-policy.js";
export type { LakeTable } from "./athena/analyst-query.js";
export type { ClientSecretKey, KeyStatementToAdd } from "./client-secret-keys.js";
export { CustomSource, type CustomSourceProps } from "./custom-source.js";
export type { CustomSourceAttributes, ICustomSource } from "./existing-custom-source.js";
export { Exporter } from "./exporter.js";
export type { ExporterAthenaQueries } from "./exporter-athena-queries.js";
export type { ExporterBackfill } from "./exporter-backfill.js";
export type {
  Architecture,
  ExporterFunctionOptions,
  ExporterVpc,
  FunctionBundle,
  LogLevel,
} from "./exporter-function-options.js";
export type { ExporterProps } from "./exporter-props.js";
export type {
  ExistingClientSecret,
  ExporterAccumulation,
  ExporterFilters,
  ExporterTenant,
} from "./exporter-tenant-props.js";
