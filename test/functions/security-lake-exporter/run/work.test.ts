import { expect, it } from "vitest";
import { bytesOf, type Work, workOf } from "../../../../functions/security-lake-exporter/run/work.js";

const WORK: Work = {
  kind: "live",
  from: 100,
  to: 200,
  objects: [
    {
      accountId: "333333333333",
      eventDay: "20260131",
      name: "vectra-acme-v3.4-100-200.zstd.parquet",
      body: Uint8Array.from([80, 65, 82, 49, 0, 255]),
      events: 2,
    },
    { accountId: "111122223333", eventDay: "20260201", name: "empty", body: new Uint8Array(), events: 0 },
    {
      accountId: "333333333333",
      eventDay: "20260201",
      name: "vectra-acme-v3.4-100-200.zstd.parquet",
      body: Uint8Array.from([1, 2, 3]),
      events: 1,
    },
  ],
  quarantine: [
    {
      key: { pk: "acme#v3.4", sk: "quarantine#0000000000000100#7" },
      set: { event: '{"name":"äöü€😀\u0000"}', truncated: false, expires_at: 1_777_000_000 },
    },
    { key: { pk: "acme#v3.4", sk: "quarantine#0000000000000050#6" }, remove: true },
  ],
  scores: [
    [8, 76],
    [9, 0.5],
  ],
  keys: {
    sequence: 7,
    api: "v3.4",
    events: [{ key: "7", digest: "0123456789abcdef", identity: "fedcba9876543210" }],
    newestTime: 1_769_900_000_000,
  },
  newestEventTime: null,
  counts: {
    eventsRead: 4,
    eventsFiltered: 0,
    eventsQuarantined: 1,
    failedLookups: 0,
    skippedLookups: 0,
    eventsWithoutSeverity: 0,
  },
};

it("the work of a window is the same after it was stored", () => {
  const read = workOf(bytesOf(WORK));

  expect({
    ...read,
    objects: read.objects.map(({ body, ...object }) => ({ ...object, body: [...body] })),
  }).toEqual({
    ...WORK,
    objects: WORK.objects.map(({ body, ...object }) => ({ ...object, body: [...body] })),
  });
});

it("the work of a window is the same in the middle of other bytes, as a database gives them", () => {
  const bytes = bytesOf(WORK);
  const larger = new Uint8Array(bytes.byteLength + 20);
  larger.set(bytes, 13);

  const read = workOf(larger.subarray(13, 13 + bytes.byteLength));

  expect(read.objects.map(({ body }) => [...body])).toEqual([[80, 65, 82, 49, 0, 255], [], [1, 2, 3]]);
  expect(read.keys).toEqual(WORK.keys);
});

it("the work of a redrive has no keys and no scores", () => {
  const work: Work = {
    ...WORK,
    kind: "redrive",
    objects: [],
    scores: [],
    keys: { ...WORK.keys, events: [] },
  };

  expect(workOf(bytesOf(work))).toEqual(work);
});
