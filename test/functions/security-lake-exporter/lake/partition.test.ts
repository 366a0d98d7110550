import { describe, expect, it } from "vitest";
import { partition } from "../../../../functions/security-lake-exporter/lake/partition.js";

const at = (time: string, uid: string, accountId = "111122223333") => ({
  record: { time: Date.parse(time), uid },
  accountId,
});

describe("partition", () => {
  it("splits by UTC day and sorts by time, keeping the log's order within a millisecond", () => {
    const records = [
      at("2025-02-01T00:00:00Z", "c"),
      at("2025-01-31T23:59:59.999Z", "b"),
      at("2025-01-31T08:00:00Z", "a2"),
      at("2025-01-31T08:00:00Z", "a1"),
    ];

    const partitions = partition(records);

    expect(partitions).toEqual([
      {
        accountId: "111122223333",
        eventDay: "20250131",
        records: [
          { time: 1738310400000, uid: "a2" },
          { time: 1738310400000, uid: "a1" },
          { time: 1738367999999, uid: "b" },
        ],
      },
      { accountId: "111122223333", eventDay: "20250201", records: [{ time: 1738368000000, uid: "c" }] },
    ]);
  });

  it("splits by account", () => {
    const time = "2025-01-31T08:00:00Z";

    const partitions = partition([at(time, "a"), at(time, "b", "444455556666")]);

    expect(partitions.map(({ accountId, records }) => [accountId, records.length])).toEqual([
      ["111122223333", 1],
      ["444455556666", 1],
    ]);
  });

  it("of nothing is nothing", () => {
    expect(partition([])).toEqual([]);
  });
});
