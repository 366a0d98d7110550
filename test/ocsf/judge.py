"""Judges the records of a Parquet file by the official OCSF schema.

usage: judge.py FILE CLASS VERSION

FILE is read with PyArrow, so that what is judged is what a reader of the lake sees; null attributes count as absent.
CLASS is OCSF's name of the class, for example detection_finding; VERSION a released version of OCSF.

The JSON Schema of the class (ocsf-json-schema, with the profiles that a record names in metadata.profiles) knows
attributes, types, requirements, ids and constraints. What it does not see is checked here: captions, type_uid,
and deprecation.

Prints one JSON object: records, violations ("path: what" -> how many records), deprecated (sorted, used ones).
"""

import json
import sys
from collections import Counter

import pyarrow.parquet
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

OTHER = 99


def present(value, arrow_type):
    """A value without its nulls. A struct of nulls stays, as an empty object: it is there."""
    if pyarrow.types.is_struct(arrow_type):
        return {
            field.name: present(value[field.name], field.type)
            for field in arrow_type
            if value[field.name] is not None
        }
    if pyarrow.types.is_list(arrow_type):
        return [None if element is None else present(element, arrow_type.value_type) for element in value]
    if pyarrow.types.is_map(arrow_type):
        return dict(value)
    return value


def read(file):
    table = pyarrow.parquet.read_table(file)
    for row in table.to_pylist():
        yield {
            field.name: present(row[field.name], field.type)
            for field in table.schema
            if row[field.name] is not None
        }


class Judge:
    def __init__(self, class_name, version):
        self.schema = get_ocsf_schema(version=version)
        self.class_name = class_name
        self.validators = {}
        self.deprecated = set()

    def violations(self, record):
        yield from self.by_json_schema(record)
        yield from self.by_captions(record, self.schema["classes"][self.class_name], "")
        expected = record["class_uid"] * 100 + record["activity_id"]
        if record["type_uid"] != expected:
            yield f"type_uid: {record['type_uid']} is not {expected}"
        if record["metadata"]["version"] != self.schema["version"]:
            yield f"metadata.version: {record['metadata']['version']} is not {self.schema['version']}"

    def by_json_schema(self, record):
        profiles = tuple(record["metadata"].get("profiles", []))
        if profiles not in self.validators:
            embedded = OcsfJsonSchemaEmbedded(self.schema)
            self.validators[profiles] = Draft202012Validator(
                embedded.get_class_schema(self.class_name, list(profiles))
            )
        for error in self.validators[profiles].iter_errors(record):
            path = ".".join("[]" if isinstance(step, int) else step for step in error.absolute_path)
            yield f"{path or 'record'}: {error.message}"

    def by_captions(self, value, item, path):
        self.note_deprecation(item, path or self.class_name)
        for name, attribute in item["attributes"].items():
            if name not in value:
                continue
            self.note_deprecation(attribute, path + name)
            if "object_type" in attribute and attribute["object_type"] != "object":
                of = self.schema["objects"][attribute["object_type"]]
                elements = value[name] if attribute.get("is_array") else [value[name]]
                for element in elements:
                    yield from self.by_captions(element, of, f"{path}{name}.")
            elif "enum" in attribute and "sibling" in attribute and value[name] != OTHER:
                caption = attribute["enum"].get(str(value[name]), {}).get("caption")
                sibling = value.get(attribute["sibling"])
                if sibling is not None and sibling != caption:
                    yield f"{path}{attribute['sibling']}: {sibling!r} is not {caption!r}"

    def note_deprecation(self, item, path):
        if "@deprecated" in item:
            self.deprecated.add(path.rstrip("."))


def main(file, class_name, version):
    judge = Judge(class_name, version)
    counts = Counter()
    records = 0
    for record in read(file):
        records += 1
        counts.update(set(judge.violations(record)))
    print(json.dumps({"records": records, "violations": counts, "deprecated": sorted(judge.deprecated)}))


main(*sys.argv[1:])
