# SPDX-License-Identifier: MIT
"""Reads structs with a generated module and prints what it saw, column by column, as JSON.

It also writes the fields one by one into other structs, bitfields apart.

Each line of standard input asks for one reading: {"module", "schema", "struct", "bytes",
"offset", "count"}, with paths of files. Each line of output answers it: the layout
hash as this program computes it from the schema, the columns by path, and the bytes written.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import pathlib
import sys
from types import ModuleType
from typing import Any

import numpy as np

Schema = dict[str, Any]


@functools.cache
def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def layout_hash(schema: Schema, name: str) -> str:
    types = schema["types"]

    def struct(name: str) -> str:
        fields = "".join(field(each) for each in types[name]["f"])
        return f"{types[name]['size']};{fields}"

    def field(each: dict[str, Any]) -> str:
        kind = types.get(each["t"], {}).get("k")
        if kind == "struct":
            type_text = "{" + struct(each["t"]) + "}"
        else:
            type_text = types[each["t"]]["t"] if kind == "enum" else each["t"]
        dims = "".join(f"[{length}]" for length in each.get("d", []))
        bits = "." + ",".join(str(part) for part in each["b"]) if "b" in each else ""
        return f"{each['n']}:{type_text}@{each['o']}{dims}{bits};"

    text = f"L1;{schema['endian']};{struct(name)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def columns_of(
    module: ModuleType, schema: Schema, name: str, samples: Any, path: str = ""
) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field in schema["types"][name]["f"]:
        here = path + field["n"]
        inner = schema["types"].get(field["t"], {})
        if inner.get("k") == "struct":
            part = samples[field["n"]]
            columns |= columns_of(module, schema, field["t"], part, here + ".")
        elif "b" in field:
            columns[here] = shown(getattr(module, f"{name}_{field['n']}")(samples))
        else:
            column = samples[field["n"]]
            if column.dtype.kind == "S":
                texts = [module.text(each) for each in column.ravel()]
                columns[here] = {"texts": texts}
            else:
                # C may have left anything in a bool; what is not 0 is true.
                is_bool = column.dtype == np.bool_
                columns[here] = shown(column.view("u1") != 0 if is_bool else column)
    return columns


def shown(column: Any) -> dict[str, str]:
    plain = np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<"))
    return {"hex": plain.tobytes().hex()}


def write(schema: Schema, name: str, samples: Any, into: Any) -> None:
    for field in schema["types"][name]["f"]:
        inner = schema["types"].get(field["t"], {})
        if inner.get("k") == "struct":
            write(schema, field["t"], samples[field["n"]], into[field["n"]])
        elif "b" not in field:
            into[field["n"]] = samples[field["n"]]


for line in sys.stdin:
    asked = json.loads(line)
    module = load(asked["module"])
    blob = pathlib.Path(asked["schema"]).read_bytes()
    schema = json.loads(blob)
    samples = np.frombuffer(
        pathlib.Path(asked["bytes"]).read_bytes(),
        getattr(module, asked["struct"]),
        count=asked["count"],
        offset=asked["offset"],
    )
    # Not zeros_like, which leaves what stands between the fields as it was.
    written = np.zeros(samples.shape, samples.dtype)
    write(schema, asked["struct"], samples, written)
    answer = {
        "hash": layout_hash(schema, asked["struct"]),
        "schemaHash": hashlib.sha256(blob).hexdigest(),
        "itemsize": samples.dtype.itemsize,
        "columns": columns_of(module, schema, asked["struct"], samples),
        "written": written.tobytes().hex(),
    }
    print(json.dumps(answer))
