/**
 * How long a call to AWS may take before it is aborted and retried, in milliseconds. Without the last line the SDK
 * only warns, and a connection that died silently would cost the run all of its time.
 */
export const AWS_REQUESTS = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
};
