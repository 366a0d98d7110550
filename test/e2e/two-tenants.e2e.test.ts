import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clientSecret, type DeployedExporter, deployExporter } from "./deployed-exporter.js";

const minute = 60_000;

let exporter: DeployedExporter;

beforeAll(async () => {
  exporter = await deployExporter({ tenants: ["acme", "globex"] });
});

afterAll(async () => {
  await exporter?.close();
});

/** One line of the function's log, of which metrics in CloudWatch's embedded format are some. */
type Line = Readonly<Record<string, unknown>>;

async function lines(): Promise<Line[]> {
  return (await exporter.log()).split("\n").flatMap((line) => {
    const json = line.slice(line.indexOf("{"));
    return json.startsWith("{") ? [JSON.parse(json) as Line] : [];
  });
}

/** The values that CloudWatch makes of a log for a metric: namespace, name and dimensions as an alarm has them. */
function values(log: readonly Line[], alarm: Line): number[] {
  const dimensions = alarm["dimensions"] as Readonly<Record<string, string>>;
  return log.flatMap((line) => {
    const embedded = line["_aws"] as { CloudWatchMetrics: EmbeddedMetrics[] } | undefined;
    return (embedded?.CloudWatchMetrics ?? [])
      .filter(
        ({ Namespace, Metrics }) =>
          Namespace === alarm["namespace"] && namesOf(Metrics).includes(alarm["metric_name"]),
      )
      .filter(({ Dimensions }) =>
        Dimensions.some(
          (names) =>
            names.toSorted().join() === Object.keys(dimensions).toSorted().join() &&
            names.every((name) => line[name] === dimensions[name]),
        ),
      )
      .flatMap(() => line[String(alarm["metric_name"])] as number | number[]);
  });
}

interface EmbeddedMetrics {
  readonly Namespace: string;
  readonly Metrics: readonly { readonly Name: string }[];
  readonly Dimensions: readonly (readonly string[])[];
}

function namesOf(metrics: EmbeddedMetrics["Metrics"]): readonly unknown[] {
  return metrics.map(({ Name }) => Name);
}

function nextOf(name: string): string {
  return String((exporter.tenants.get(name)?.events().at(-1)?.id ?? 0) + 1);
}

/** A declared alarm of a tenant; that on the lack of successful runs, unless another is asked for. */
function alarmOf(name: string, kind = "no-successful-run"): Line {
  const alarms = exporter.stack
    .notMade("aws_cloudwatch_metric_alarm")
    .filter((alarm) => String(alarm["alarm_name"]).endsWith(`-${kind}-${name}`));
  expect(alarms).toHaveLength(1);
  return alarms[0] ?? {};
}

describe("two tenants, one of which no longer knows the client secret", () => {
  let log: Line[];

  beforeAll(async () => {
    // GIVEN new events of both
    for (const tenant of exporter.tenants.values()) {
      tenant.advance(20 * minute);
    }
    exporter.tenants.get("globex")?.rotateSecret("another-secret");
    // WHEN the function is invoked for each, as their two schedules do
    await exporter.invoke("globex");
    await exporter.invoke("acme");
    await vi.waitFor(
      async () => {
        log = await lines();
        const ended = log.filter(({ message }) => /^Run (succeeded|failed)/.test(String(message)));
        expect(new Set(ended.map(({ tenant }) => tenant))).toEqual(new Set(["acme", "globex"]));
        expect(values(log, alarmOf("acme"))).not.toEqual([]);
      },
      { timeout: 40_000, interval: 500 },
    );
  });

  it("the events of the other are in the lake, each once", async () => {
    const acme = exporter.tenants.get("acme")?.events() ?? [];
    expect(acme).toHaveLength(48);
    const { table, files } = await exporter.readLake();
    expect(table?.rows).toHaveLength(48);
    expect(files.filter(({ key }) => key.includes("/vectra-globex-"))).toEqual([]);
    expect(await exporter.checkpoint("acme")).toMatchObject({ next_from: { N: nextOf("acme") } });
  });

  it("its own checkpoint has not moved", async () => {
    expect(await exporter.checkpoint("globex")).toMatchObject({ next_from: { N: "0" } });
  });

  it("the metric that the alarms watch counts successful runs of the other only", () => {
    expect(alarmOf("globex")).toMatchObject({
      metric_name: "RunSucceeded",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
    });
    expect(values(log, alarmOf("acme"))).toContain(1);
    expect(values(log, alarmOf("globex"))).toEqual([]);
    expect(values(log, { ...alarmOf("globex"), metric_name: "RunDuration" })).not.toEqual([]);
  });

  it("the alarm on authentication failures sees that of the one, and none of the other", () => {
    expect(values(log, alarmOf("globex", "authentication"))).toEqual([1]);
    expect(values(log, alarmOf("acme", "authentication"))).toEqual([]);
  });

  it("the log says which failed and why, and names no secret", async () => {
    const [failure] = log.filter(({ level }) => level === "ERROR");
    expect(failure).toMatchObject({ tenant: "globex", message: expect.stringMatching(/^Run failed/) });
    expect(JSON.stringify(failure)).toContain("refused the API client (401 on POST /oauth2/token)");
    expect(log.filter(({ level, tenant }) => level === "ERROR" && tenant !== "globex")).toEqual([]);
    expect(await exporter.log()).not.toContain(clientSecret);
  });

  it("the failed invocation waits in the dead-letter queue, and the other has left none", async () => {
    const letters = await vi.waitFor(
      async () => {
        const found = await exporter.deadLetters();
        expect(found).not.toEqual([]);
        return found;
      },
      { timeout: 20_000, interval: 500 },
    );
    for (const letter of letters) {
      expect(letter).toMatchObject({ requestPayload: { tenant: "globex" } });
    }
  });

  it("nothing is lost: its events arrive when its secret is right again", async () => {
    exporter.tenants.get("globex")?.rotateSecret(clientSecret);
    await exporter.invoke("globex");
    await vi.waitFor(
      async () =>
        expect(await exporter.checkpoint("globex")).toMatchObject({ next_from: { N: nextOf("globex") } }),
      { timeout: 40_000, interval: 500 },
    );
    expect((await exporter.readLake()).table?.rows).toHaveLength(96);
  });
});
