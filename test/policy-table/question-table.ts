import { beforeAll, describe, expect, it } from "vitest";
import { isAllowed } from "./evaluator.js";
import { type Caller, question, type Request } from "./requests.js";
import { type Documents, documentsOf, type ScenarioProps } from "./scenario.js";

export type Row = [Caller, "may" | "may not", Request];

/** One test per row, with the row as its name. */
export function table(situation: string, props: ScenarioProps, rows: readonly Row[]): void {
  describe(situation, () => {
    let documents: Documents;
    beforeAll(() => {
      documents = documentsOf(props);
    });
    it.each(rows.map((row) => [`${row[0].name} ${row[1]} ${row[2].name}`, ...row] as const))(
      "%s",
      async (_, caller, expected, request) => {
        expect(await isAllowed(question(documents, caller, request))).toBe(expected === "may");
      },
    );
  });
}
