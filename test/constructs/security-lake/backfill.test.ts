import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { Exporter, type ExporterProps } from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable } from "../variable.js";
import { requiredProps } from "./exporter-rig.js";

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: Machine;
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const required = requiredProps();
const STATE_MACHINE = "arn:aws:states:eu-west-1:333333333333:stateMachine:vectra-exporter-backfill";

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthTemplate((stack) => new Exporter(stack, "exporter", { ...required, backfill: {}, ...props }));
}

function definition(template: Template): Machine & { readonly States: Record<string, unknown> } {
  return JSON.parse(String(template.resource("aws_sfn_state_machine")["definition"]));
}

const ROLE_POLICY = [
  {
    Sid: "InvokeExporter",
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Resource: "arn:aws:lambda:eu-west-1:333333333333:function:vectra-exporter",
  },
  { Sid: "StartWindows", Effect: "Allow", Action: "states:StartExecution", Resource: STATE_MACHINE },
  {
    Sid: "FollowWindows",
    Effect: "Allow",
    Action: ["states:DescribeExecution", "states:StopExecution"],
    Resource: "arn:aws:states:eu-west-1:333333333333:execution:vectra-exporter-backfill:*",
  },
];

describe("Backfill", () => {
  it("has no state machine by default", () => {
    const template = synth({ backfill: undefined });

    expect(template.resources("aws_sfn_state_machine")).toEqual([]);
    expect(template.text).not.toContain("backfill");
  });

  it("is a state machine, its role and an alarm", () => {
    expect(synth().resourceCounts()).toMatchObject({
      aws_sfn_state_machine: 1,
      aws_iam_role: 3,
      aws_iam_role_policy: 3,
      aws_cloudwatch_metric_alarm: 8,
    });
    expect(synth().resource("aws_sfn_state_machine", "exporter_backfill_state-machine")).toEqual({
      name: "vectra-exporter-backfill",
      type: "STANDARD",
      role_arn: "${aws_iam_role.exporter_backfill_role.arn}",
      definition: expect.any(String),
      depends_on: [
        "aws_lambda_function.exporter_function_lambda",
        "aws_iam_role_policy.exporter_backfill_policy",
      ],
    });
  });

  it("tells the state machine's ARN; without one there is none to tell", () => {
    const template = synthTemplate((stack) => {
      const exporter = new Exporter(stack, "one", { ...required, backfill: {} });
      const other = new Exporter(stack, "two", { ...required, name: "other" });
      new TerraformOutput(stack, "all", {
        value: `${exporter.backfillStateMachineArn} ${other.backfillStateMachineArn}`,
      });
    });

    expect(template.outputs()["all"]?.["value"]).toBe(
      "${aws_sfn_state_machine.one_backfill_state-machine.arn} undefined",
    );
  });

  it("runs with a role that this state machine and its map's children alone assume", () => {
    const template = synth();

    expect(template.resource("aws_iam_role", "exporter_backfill_role")["name"]).toBe(
      "vectra-exporter-backfill",
    );
    expect(
      template.policy("aws_iam_role", { name: "exporter_backfill_role", attribute: "assume_role_policy" }),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "StepFunctionsAssumesRole",
          Effect: "Allow",
          Principal: { Service: "states.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "333333333333" },
            ArnLike: { "aws:SourceArn": [STATE_MACHINE, `${STATE_MACHINE}/*`] },
          },
        },
      ],
    });
  });

  it("may invoke the exporter and run its own windows, and nothing else", () => {
    expect(synth().policy("aws_iam_role_policy", { name: "exporter_backfill_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: ROLE_POLICY,
    });
  });

  it("is traced with the exporter", () => {
    const template = synth({ tracing: true });

    expect(template.resource("aws_sfn_state_machine")["tracing_configuration"]).toEqual({ enabled: true });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_backfill_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...ROLE_POLICY,
        {
          Sid: "SendTraces",
          Effect: "Allow",
          Action: [
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
          ],
          Resource: "*",
        },
      ],
    });
  });

  it("is bounded with the exporter's other roles", () => {
    const permissionsBoundary = "arn:aws:iam::333333333333:policy/boundary";
    const roles = synth({ permissionsBoundary }).resources("aws_iam_role");

    expect(roles.map(({ attributes }) => attributes["permissions_boundary"])).toEqual([
      permissionsBoundary,
      permissionsBoundary,
      permissionsBoundary,
    ]);
  });

  it("goes off as an alarm when an execution fails", () => {
    const template = synth();
    const alarm = template.resource("aws_cloudwatch_metric_alarm", "exporter_alarms_backfill-failed");
    const runbook = readFileSync(join(import.meta.dirname, "../../../docs/runbook.md"), "utf8");

    expect(alarm).toEqual({
      alarm_name: "vectra-exporter-backfill-failed",
      alarm_description: expect.stringMatching(/ Runbook: docs\/runbook\.md#backfill-failed$/),
      namespace: "AWS/States",
      metric_name: "ExecutionsFailed",
      dimensions: { StateMachineArn: "${aws_sfn_state_machine.exporter_backfill_state-machine.arn}" },
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
    });
    expect(String(alarm["alarm_description"]).length).toBeLessThan(900);
    expect(runbook.match(/^## .+$/gm)).toContain("## backfill-failed");
  });

  it.each<[string, Partial<ExporterProps>, RegExp]>([
    [
      "no window at once",
      { backfill: { maxConcurrency: 0 } },
      /backfill.maxConcurrency is 0: must be a whole number of slices at once from 1 to 100/,
    ],
    [
      "as many slices as there are reserved runs",
      { backfill: { maxConcurrency: 4 }, reservedConcurrentExecutions: 4 },
      /backfill.maxConcurrency is 4: 4 slices at once would use all 4 reserved runs, and the live export would wait\. Raise reservedConcurrentExecutions to 4 and one more for each tenant/,
    ],
    [
      "by default as many slices as there are reserved runs",
      { backfill: {}, reservedConcurrentExecutions: 3 },
      /backfill.maxConcurrency is omitted: 4 slices at once would use all 3 reserved runs/,
    ],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it("takes as many windows as leave a reserved run", () => {
    expect(synth({ backfill: {}, reservedConcurrentExecutions: 5 }).text).toContain("MaxConcurrency");
  });

  it("refuses a number that only Terraform knows, which JSON could not hold", () => {
    expect(() =>
      synthTemplate(
        (stack) =>
          new Exporter(stack, "exporter", {
            ...required,
            backfill: { maxConcurrency: numberVariable(stack, "windows") },
          }),
      ),
    ).toThrow(/backfill.maxConcurrency is a token: must be known when the stack is synthesized/);
  });
});

describe("The backfill's definition", () => {
  it("maps the windows of its input, four at once, to child executions of their own", () => {
    expect(definition(synth()).States["Export windows"]).toEqual({
      Type: "Map",
      Label: "windows",
      ItemsPath: "$.windows",
      ItemSelector: {
        "tenant.$": "$.tenant",
        "backfill.$": "States.JsonMerge($.options, $$.Map.Item.Value, false)",
        pauses: { count: 0 },
      },
      MaxConcurrency: 4,
      ToleratedFailurePercentage: 0,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Export",
        States: expect.any(Object),
      },
      ResultSelector: { "failed.$": "$[*].failed[*]" },
      ResultPath: "$.result",
      Catch: [{ ErrorEquals: ["States.ExceedToleratedFailureThreshold"], ResultPath: null, Next: "Stopped" }],
      Next: "Sum up",
    });
  });

  it("maps as many at once as it is told", () => {
    expect(definition(synth({ backfill: { maxConcurrency: 12 } })).States["Export windows"]).toMatchObject({
      MaxConcurrency: 12,
    });
  });

  it("invokes the function with tenant and window alone, and keeps three fields of its answer", () => {
    const { ItemProcessor } = definition(synth()).States["Export windows"] as State;

    expect(ItemProcessor?.States["Export"]).toEqual({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: {
        FunctionName: "arn:aws:lambda:eu-west-1:333333333333:function:vectra-exporter",
        Payload: { "tenant.$": "$.tenant", "backfill.$": "$.backfill" },
      },
      ResultSelector: {
        "outcome.$": "$.Payload.outcome",
        "caughtUp.$": "$.Payload.caughtUp",
        "eventsRead.$": "$.Payload.eventsRead",
      },
      ResultPath: "$.run",
      Retry: [
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
      ],
      Catch: [
        { ErrorEquals: ["AuthenticationError"], ResultPath: "$.error", Next: "Client is refused" },
        { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Window failed" },
      ],
      Next: "Is it all?",
    });
  });

  it("waits longer for another run of the window than a lease can live", () => {
    const { ItemProcessor } = definition(synth()).States["Export windows"] as State;

    expect(ItemProcessor?.States["Pause"]).toEqual({ Type: "Wait", Seconds: 60, Next: "Count the pause" });
    expect(ItemProcessor?.States["Is it all?"]).toEqual({
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
        { Variable: "$.pauses.count", NumericGreaterThanEquals: 20, Next: "Without progress" },
      ],
      Default: "Pause",
    });
  });

  it("invokes through the partition's own integration", () => {
    const template = synth({ partition: "aws-us-gov", region: "us-gov-west-1" });

    expect(template.resource("aws_sfn_state_machine")["definition"]).toContain(
      '"Resource":"arn:aws-us-gov:states:::lambda:invoke"',
    );
  });

  it("leads from each of its states to others that there are, and reaches each", () => {
    const machine = definition(synth());
    const { ItemProcessor } = machine.States["Export windows"] as State;

    for (const { StartAt, States } of [machine as Machine, ItemProcessor as Machine]) {
      const reached = new Set<string>();
      const waiting = [StartAt];
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        if (reached.has(name)) {
          continue;
        }
        reached.add(name);
        const state = States[name];
        const next = [
          state?.Next,
          state?.Default,
          ...(state?.Choices ?? []).map((choice) => choice.Next),
          ...(state?.Catch ?? []).map((catcher) => catcher.Next),
        ].filter((target) => target !== undefined);
        const ends = state?.End === true || ["Succeed", "Fail"].includes(state?.Type ?? "");
        expect(next.length > 0, name).toBe(!ends);
        waiting.push(...next);
      }
      expect([...reached].toSorted()).toEqual(Object.keys(States).toSorted());
    }
  });
});
