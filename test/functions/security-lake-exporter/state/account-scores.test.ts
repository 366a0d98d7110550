import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

let exporter: ExporterUnderTest;
beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(() => exporter.close());

const scoresAt = async (from: number, ...ids: number[]) =>
  Object.fromEntries(await exporter.scores().before(from, new Set(ids)));

describe("account scores", () => {
  it("are unknown before they are stored", async () => {
    expect(await scoresAt(100, 1, 2)).toEqual({});
  });

  it("are those of the window before the one asked for, also when it is asked for again", async () => {
    await exporter.scores().store(100, new Map([[1, 40]]));
    await exporter.scores().store(
      200,
      new Map([
        [1, 70],
        [2, 10],
      ]),
    );

    expect(await scoresAt(100, 1, 2)).toEqual({ 1: 40 });
    expect(await scoresAt(200, 1, 2)).toEqual({ 1: 70, 2: 10 });
    expect(await scoresAt(300, 1, 2)).toEqual({ 1: 70, 2: 10 });
  });

  it("are not moved by storing a window twice, or by a run that was overtaken", async () => {
    await exporter.scores().store(100, new Map([[1, 40]]));
    await exporter.scores().store(200, new Map([[1, 70]]));
    await exporter.scores().store(200, new Map([[1, 70]]));
    await exporter.scores().store(100, new Map([[1, 40]]));

    expect(await scoresAt(100, 1)).toEqual({ 1: 40 });
    expect(await scoresAt(200, 1)).toEqual({ 1: 70 });
  });

  it("are unknown where the cursor was moved back behind everything that is remembered", async () => {
    await exporter.scores().store(100, new Map([[1, 40]]));
    await exporter.scores().store(200, new Map([[1, 70]]));

    expect(await scoresAt(50, 1)).toEqual({});
    expect(await scoresAt(99, 1)).toEqual({});
  });

  it("are read in full when there are more than DynamoDB gives at once", async () => {
    const ids = Array.from({ length: 230 }, (_, index) => index + 1);
    await exporter.scores().store(100, new Map(ids.map((id) => [id, id % 100])));

    const scores = await exporter.scores().before(100, new Set(ids));

    expect(scores.size).toBe(230);
    expect(scores.get(199)).toBe(99);
  });
});
