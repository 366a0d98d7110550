/**
 * How long a call of AWS may take before it is ended and tried again, in milliseconds. Without the last line the SDK
 * only warns, and a connection that died silently would cost the run all of its time.
 */
export const AWS_REQUESTS = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
};
