import { type Check, given } from "./check.js";

/** Security Lake names the table of a custom source, so it can only be given. */
export const athenaQueriesHaveTable: Check<{ athenaQueries: object; table: object }> = (values, name) =>
  given(values.athenaQueries) === undefined || values.table.state !== "omitted"
    ? []
    : [
        {
          key: "athenaQueries",
          problem: `cannot be created without ${name("table")}: Security Lake names the table, so it cannot be guessed`,
          allowed: `${name("athenaQueries")} with ${name("table")}`,
          remedy: `Set ${name("table")} to the table's database and name, as Athena lists them, or omit ${name("athenaQueries")}.`,
        },
      ];
