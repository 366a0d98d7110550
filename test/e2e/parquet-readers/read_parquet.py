"""Reads a Parquet file and prints {"schema": "...", "rows": [...]}, as ReadParquet.java does.

    read_parquet.py duckdb|pyarrow FILE

The schema is what the reader found in the file, in parquet-java's notation. A row is an object without the
attributes that are null, and so is a struct; in lists and maps a null stays.
"""

import json
import re
import sys

import duckdb
import pyarrow
import pyarrow.parquet


def present(value, declared):
    """A value without its null attributes. A struct of nulls stays, as an empty object: it is there."""
    if value is None:
        return None
    if pyarrow.types.is_struct(declared):
        return {
            field.name: present(value[field.name], field.type) for field in declared if value[field.name] is not None
        }
    if pyarrow.types.is_list(declared):
        return [present(element, declared.value_type) for element in value]
    if pyarrow.types.is_map(declared):
        return dict(value)
    return value


def rows(table):
    declared = pyarrow.struct(table.schema)
    return [present(row, declared) for row in table.to_pylist()]


def by_pyarrow(file):
    _, text = str(pyarrow.parquet.ParquetFile(file).schema).split("\n", 1)
    text = text.replace(" field_id=-1", "").replace("required group schema", "message schema")
    annotations_in_capitals = re.sub(r"\(\w+\)", lambda annotation: annotation[0].upper(), text)
    return {"schema": annotations_in_capitals, "rows": rows(pyarrow.parquet.read_table(file))}


def by_duckdb(file):
    elements = iter(
        duckdb.execute(
            "SELECT name, type, repetition_type, num_children, coalesce(logical_type, converted_type) "
            "FROM parquet_schema(?)",
            [file],
        ).fetchall()
    )

    def declarations(count, indentation):
        for _ in range(count):
            name, physical, repetition, children, annotation = next(elements)
            kind = "group" if physical is None else physical.replace("BYTE_ARRAY", "binary").lower()
            suffix = "" if annotation is None else f" ({annotation.removesuffix('Type()').upper()})"
            head = f"{indentation}{repetition.lower()} {kind} {name}{suffix}"
            if physical is None:
                yield f"{head} {{"
                yield from declarations(children, indentation + "  ")
                yield f"{indentation}}}"
            else:
                yield f"{head};"

    name, *_, columns, _ = next(elements)
    schema = "\n".join([f"message {name} {{", *declarations(columns, "  "), "}", ""])
    return {"schema": schema, "rows": rows(duckdb.read_parquet(file).to_arrow_table())}


reader, file = sys.argv[1:]
print(json.dumps({"duckdb": by_duckdb, "pyarrow": by_pyarrow}[reader](file)))
