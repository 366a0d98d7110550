"""Reads a copy of the lake as its consumers would, and prints what they see as JSON.

    read_lake.py DIRECTORY

DIRECTORY holds the objects under their keys. DuckDB stands for SQL engines: partitions from the path, all objects
as one table. PyArrow looks into each file: physical types, codec, order.
"""

import json
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet


def as_one_table(directory):
    relation = duckdb.sql(
        "SELECT *, finding.uid AS finding_uid, metadata.product.uid AS tenant_id "
        f"FROM read_parquet('{directory}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false) "
        "ORDER BY time, finding_uid"
    )
    columns = [column for column in relation.columns]
    return {
        "types": dict(zip(columns, map(str, relation.types))),
        "rows": [dict(zip(columns, row)) for row in relation.fetchall()],
    }


def as_file(path, directory):
    file = parquet.ParquetFile(path)
    schema, groups = file.schema, range(file.metadata.num_row_groups)
    chunks = [file.metadata.row_group(group).column(0) for group in groups]
    return {
        "key": str(path.relative_to(directory)),
        "columns": {
            column.path: {"physical": column.physical_type, "logical": json.loads(column.logical_type.to_json())["Type"]}
            for column in map(schema.column, range(len(schema)))
        },
        "codecs": sorted({chunk.compression for chunk in chunks}),
        "times": file.read(columns=["time"]).column("time").to_pylist(),
    }


directory = Path(sys.argv[1])
files = sorted(directory.rglob("*.parquet"))
json.dump({"table": as_one_table(directory) if files else None, "files": [as_file(f, directory) for f in files]}, sys.stdout)
