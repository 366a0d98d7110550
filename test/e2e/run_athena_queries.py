"""Runs Athena queries over Parquet files with DuckDB, and prints their answers as JSON.

    run_athena_queries.py < {"now": "...", "lake": {"db.table": "<folder>"}, "rows": {"db.table": [{...}]}, "queries": ["..."]}

sqlglot reads the queries as Trino's SQL, which Athena's engine version 3 speaks, refuses what is not of that dialect,
and writes them for DuckDB. Three things mean the same there only when they are said differently:

- a quotient of integers is an integer;
- what no pattern matches is null, not an empty string;
- current_date and current_timestamp are `now`.

`rows` stands for tables of others: objects, whose fields named `time_dt` are timestamps.
"""

import json
import sys
import tempfile
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

request = json.load(sys.stdin)
now = exp.Literal.string(request["now"])


def as_duckdb_says_it(node):
    if isinstance(node, exp.Div):
        return exp.IntDiv(this=node.this, expression=node.expression)
    if isinstance(node, exp.RegexpExtract):
        return exp.Nullif(this=node, expression=exp.Literal.string(""))
    if isinstance(node, (exp.CurrentDate, exp.CurrentTimestamp)):
        return exp.cast(now.copy(), "date" if isinstance(node, exp.CurrentDate) else "timestamptz")
    return node


def transpiled(query):
    return (
        sqlglot.parse_one(query, read="trino", error_level=sqlglot.ErrorLevel.RAISE)
        .transform(as_duckdb_says_it)
        .sql("duckdb")
    )


def create(name, select):
    database, table = name.split(".")
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{database}"')
    connection.execute(f'CREATE TABLE "{database}"."{table}" AS {select}')


connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")
for name, folder in request["lake"].items():
    create(
        name,
        f"SELECT * FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)",
    )
with tempfile.TemporaryDirectory() as directory:
    for name, rows in request["rows"].items():
        file = Path(directory, "rows.json")
        file.write_text(json.dumps(rows))
        create(name, f"SELECT * REPLACE (time_dt::TIMESTAMP AS time_dt) FROM read_json('{file}')")

answers = [
    [json.loads(row) for (row,) in connection.sql(f"SELECT to_json(answer) FROM ({transpiled(query)}) answer").fetchall()]
    for query in request["queries"]
]
json.dump(answers, sys.stdout)
