/** Namespace of the metrics that the exporter writes to its log (embedded metric format). */
export const METRICS_NAMESPACE = "VectraCdr";

/** Value of the metrics' `service` dimension, and of `service` in every log line. */
export const SERVICE_NAME = "security-lake-exporter";
