/** Age at which log files move to S3 Glacier Flexible Retrieval, in days, unless it is set. */
export const TRANSITION_TO_GLACIER_AFTER_DAYS = 90;

/** Age at which log files expire, in days, unless it is set. */
export const EXPIRE_AFTER_DAYS = 365;

/** Days until a replaced or deleted version of an object expires, unless it is set. */
export const NONCURRENT_EXPIRE_AFTER_DAYS = 30;
