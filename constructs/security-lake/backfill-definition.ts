/** What the state machine calls, and how many calls run at once. */
export interface BackfillDefinitionProps {
  readonly partition: string;
  readonly functionArn: string;
  /** Slices of time that are exported at once. */
  readonly maxConcurrency: number;
}

/** Name of the map, which is a part of its child executions' ARNs. */
const MAP_LABEL = "windows";

/** Consecutive pauses of a minute before a window without progress fails: longer than a lease can last. */
const MAX_PAUSES = 20;

/** Failed windows that an execution's error names; AWS allows 32,768 characters. */
const MAX_NAMED = 100;

/**
 * The backfill as Amazon States Language. Its input is
 *
 * ```json
 * {"tenant": "acme", "windows": [{"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}],
 *  "allowOverlap": false, "requestsPerMinute": 60}
 * ```
 *
 * whose last two fields are optional. Each window (a slice of time) is a child execution that invokes the function until
 * it returns `caughtUp`. A window that fails is recorded and the others continue; the execution then fails at its end and
 * names it. Only a refused API client stops everything, because Vectra disables clients after repeated failures.
 *
 * JSONPath, not JSONata: a payload's optional fields are copied one by one.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function backfillDefinition(props: BackfillDefinitionProps): object {
  return {
    Comment: "Exports windows of a tenant's history, several at once",
    StartAt: "Check input",
    States: {
      "Check input": {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: "$.tenant", IsPresent: true },
              { Variable: "$.windows", IsPresent: true },
            ],
            Next: "No options",
          },
        ],
        Default: "Input is invalid",
      },
      "Input is invalid": {
        Type: "Fail",
        Error: "InvalidInput",
        Cause:
          'The input must look like {"tenant": "acme", "windows": [{"from": "2026-01-01T00:00:00Z", ' +
          '"to": "2026-02-01T00:00:00Z"}]}; "allowOverlap" and "requestsPerMinute" are optional.',
      },
      "No options": { Type: "Pass", Result: {}, ResultPath: "$.options", Next: "Is overlap given?" },
      ...optionalField("allowOverlap", "overlap", "Is rate given?"),
      ...optionalField("requestsPerMinute", "rate", "Export windows"),
      "Export windows": {
        Type: "Map",
        Label: MAP_LABEL,
        ItemsPath: "$.windows",
        ItemSelector: {
          "tenant.$": "$.tenant",
          "backfill.$": "States.JsonMerge($.options, $$.Map.Item.Value, false)",
          pauses: { count: 0 },
        },
        MaxConcurrency: props.maxConcurrency,
        // None: a child that ends in Fail stops the map.
        ToleratedFailurePercentage: 0,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          ...windowStates(props),
        },
        // The list of windows may be long, and a state's data is limited to 256 KB: only failures are kept.
        ResultSelector: { "failed.$": "$[*].failed[*]" },
        ResultPath: "$.result",
        Catch: [
          { ErrorEquals: ["States.ExceedToleratedFailureThreshold"], ResultPath: null, Next: "Stopped" },
        ],
        Next: "Sum up",
      },
      Stopped: {
        Type: "Fail",
        Error: "BackfillStopped",
        Cause:
          "One window stopped all others, most likely because the tenant refused the API client " +
          "(AuthenticationError): the failed execution of the map run says why. Fix it, then start again with " +
          "the same input: what is exported stays, and is not exported twice.",
      },
      "Sum up": {
        Type: "Pass",
        Parameters: {
          "tenant.$": "$.tenant",
          "windows.$": "States.ArrayLength($.windows)",
          "failed.$": "$.result.failed",
        },
        Next: "Did all succeed?",
      },
      "Did all succeed?": {
        Type: "Choice",
        Choices: [{ Variable: "$.failed[0]", IsPresent: true, Next: "Some failed" }],
        Default: "All exported",
      },
      "All exported": { Type: "Succeed" },
      "Some failed": {
        Type: "Fail",
        Error: "WindowsFailed",
        CausePath:
          "States.Format('{} of {} windows of {} failed. Start again with them alone: what is exported stays, " +
          `and is not exported twice. The first ${MAX_NAMED}: {}', States.ArrayLength($.failed), $.windows, ` +
          `$.tenant, States.JsonToString(States.ArrayGetItem(States.ArrayPartition($.failed, ${MAX_NAMED}), 0)))`,
      },
    },
  };
}

/** Copies a field of the input into the options of every window, where it is given. */
function optionalField(field: string, name: string, next: string): object {
  return {
    [`Is ${name} given?`]: {
      Type: "Choice",
      Choices: [{ Variable: `$.${field}`, IsPresent: true, Next: `Take ${name}` }],
      Default: next,
    },
    [`Take ${name}`]: {
      Type: "Pass",
      InputPath: `$.${field}`,
      ResultPath: `$.options.${field}`,
      Next: next,
    },
  };
}

/**
 * One slice of time: `{"tenant", "backfill": {"from", "to"}, "pauses": {"count"}}` in, `{"failed": []}` out, with the window
 * in it if it failed.
 */
function windowStates({ partition, functionArn }: BackfillDefinitionProps): object {
  return {
    StartAt: "Export",
    States: {
      Export: {
        Type: "Task",
        Resource: `arn:${partition}:states:::lambda:invoke`,
        Parameters: {
          FunctionName: functionArn,
          Payload: { "tenant.$": "$.tenant", "backfill.$": "$.backfill" },
        },
        ResultSelector: {
          "outcome.$": "$.Payload.outcome",
          "caughtUp.$": "$.Payload.caughtUp",
          "eventsRead.$": "$.Payload.eventsRead",
        },
        ResultPath: "$.run",
        Retry: RETRY,
        Catch: [
          { ErrorEquals: ["AuthenticationError"], ResultPath: "$.error", Next: "Client is refused" },
          { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Window failed" },
        ],
        Next: "Is it all?",
      },
      "Is it all?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.run.caughtUp", BooleanEquals: true, Next: "Window is exported" },
          {
            And: [
              { Variable: "$.run.outcome", StringEquals: "exported" },
              { Variable: "$.run.eventsRead", NumericGreaterThan: 0 },
            ],
            Next: "Go on",
          },
          {
            Variable: "$.pauses.count",
            NumericGreaterThanEquals: MAX_PAUSES,
            Next: "Without progress",
          },
        ],
        // Another run holds the window's lease, or this one made no progress.
        Default: "Pause",
      },
      "Go on": { Type: "Pass", Result: { count: 0 }, ResultPath: "$.pauses", Next: "Export" },
      Pause: { Type: "Wait", Seconds: 60, Next: "Count the pause" },
      "Count the pause": {
        Type: "Pass",
        Parameters: { "count.$": "States.MathAdd($.pauses.count, 1)" },
        ResultPath: "$.pauses",
        Next: "Export",
      },
      "Without progress": {
        Type: "Pass",
        Result: { Error: "NoProgress" },
        ResultPath: "$.error",
        Next: "Window failed",
      },
      "Window failed": {
        Type: "Pass",
        Parameters: { failed: [{ "window.$": "$.backfill", "error.$": "$.error.Error" }] },
        End: true,
      },
      "Window is exported": { Type: "Pass", Result: { failed: [] }, End: true },
      "Client is refused": {
        Type: "Fail",
        ErrorPath: "$.error.Error",
        CausePath: "$.error.Cause",
      },
    },
  };
}

/**
 * The first entry that names an error applies. What the function itself throws is retried after its own retries are
 * used up, so at long intervals; the checkpoint keeps the progress.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const RETRY = [
  { ErrorEquals: ["AuthenticationError", "BackfillRefusedError"], MaxAttempts: 0 },
  {
    ErrorEquals: ["Lambda.TooManyRequestsException"],
    IntervalSeconds: 10,
    BackoffRate: 2,
    MaxDelaySeconds: 300,
    MaxAttempts: 20,
    JitterStrategy: "FULL",
  },
  {
    ErrorEquals: [
      "Lambda.ClientExecutionTimeoutException",
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
    ],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    JitterStrategy: "FULL",
  },
  {
    ErrorEquals: ["States.TaskFailed"],
    IntervalSeconds: 60,
    BackoffRate: 2,
    MaxDelaySeconds: 600,
    MaxAttempts: 4,
    JitterStrategy: "FULL",
  },
];
