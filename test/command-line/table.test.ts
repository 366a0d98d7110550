import { expect, it } from "vitest";
import { colouredTable, fieldList, plainTable } from "../../command-line/table.js";

const HEAD = ["ENTITY", "CHANGE", "LINK"];
const ROW = ["role/deploy", "Score increase", "https://t.example/accounts/86"];

it("GIVEN no terminal WHEN a table is wide THEN each row is one line", () => {
  expect(plainTable(HEAD, [ROW])).toBe(
    [
      "ENTITY       CHANGE          LINK",
      "role/deploy  Score increase  https://t.example/accounts/86",
      "",
    ].join("\n"),
  );
});

it("GIVEN a terminal that is too narrow WHEN a table is written THEN the widest cells continue below, and nothing is lost", () => {
  expect(plainTable(HEAD, [ROW], 40)).toBe(
    [
      "ENTITY       CHANGE        LINK",
      "role/deploy  Score         https://t.exa",
      "             increase      mple/accounts",
      "                           /86",
      "",
    ].join("\n"),
  );
});

it("GIVEN a terminal that is too narrow for any table THEN columns stay readable", () => {
  const lines = plainTable(HEAD, [ROW], 5).split("\n");

  expect(lines[1]).toBe("role/dep  Score     https://");
});

it("GIVEN wide characters THEN each counts as two columns", () => {
  expect(
    plainTable(
      ["NAME", "TO"],
      [
        ["北京", "1"],
        ["x", "2"],
      ],
    ),
  ).toBe("NAME  TO\n北京  1\nx     2\n");
});

it("GIVEN cells with control characters THEN they are visible, and a cell stays in its row", () => {
  expect(plainTable(["NAME"], [["a\u001b[2Jb\nc\u202ed\u0085"]])).toBe(
    "NAME\na\\u001b[2Jb\\u000ac\\u202ed\\u0085\n",
  );
});

it("GIVEN a list of fields WHEN a value is longer than the terminal THEN it continues under itself", () => {
  expect(
    fieldList(
      [
        ["cursor", "4865"],
        ["unfinished", "window 0 to 4865, 36 events"],
      ],
      32,
    ),
  ).toBe(["  cursor      4865", "  unfinished  window 0 to 4865,", "              36 events", ""].join("\n"));
});

it("GIVEN a terminal of 50 columns THEN times and cursors stay whole, and other cells wrap", () => {
  const head = ["MOVED AT", "FROM", "TO", "BY", "REASON"];
  const row = [
    "2026-02-01T00:05:00Z",
    "4865",
    "123456789012",
    "arn:aws:sts::333333333333:assumed-role/soc/ann",
    "the state was lost",
  ];

  expect(plainTable(head, [row], 50)).toBe(
    [
      "MOVED AT              FROM  TO            BY        REASON",
      "2026-02-01T00:05:00Z  4865  123456789012  arn:aws:  the",
      "                                          sts::333  state",
      "                                          33333333  was lost",
      "                                          3:assume",
      "                                          d-role/s",
      "                                          oc/ann",
      "",
    ].join("\n"),
  );
});

it("GIVEN no fields THEN there is no line", () => {
  expect(fieldList([])).toBe("");
});

it("GIVEN colours and numbers THEN colours take no columns, and numbers end in one column", () => {
  const blue = (text: string) => `\u001b[34m${text}\u001b[39m`;

  expect(
    colouredTable(
      ["object", "bytes"],
      [
        [blue("a"), "12345"],
        ["bb", "6"],
      ],
      { rightAligned: [1] },
    ),
  ).toBe(`  object  bytes\n  ${blue("a")}       12345\n  bb          6\n`);
});
