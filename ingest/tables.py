"""A file of TOML tables that people write -> a record, and what is wrong with it in their words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Struct

from ingest.errors import InputError

Whole = TypeVar("Whole", bound=Struct)

TYPES = {
    "str": 'text in "quotes"',
    "int": "a whole number",
    "array": "a list in [brackets]",
    "bool": "true or false",
    "date": "a day such as 2025-02-24, without quotes",
    "datetime": "a day with a time",
    "object": "a [table]",
}


def read_tables(path: Path, kind: type[Whole], tables: Mapping[str, type[Struct]]) -> Whole:
    """The file at ``path`` as a ``kind``; ``tables`` are those of its fields that hold tables, and what these hold.

    Raises FileNotFoundError when there is none, InputError for the line or field that is wrong.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), kind, strict=True)
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from None
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {_explain(error, kind, tables)}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid TOML: {error}; correct that line") from None


def _explain(error: msgspec.ValidationError, kind: type[Struct], tables: Mapping[str, type[Struct]]) -> str:
    """What is wrong with a field, in the words of one who writes the file, and where."""
    said, _, path = str(error).partition(" - at `$")
    table = re.match(rf"\.({'|'.join(tables)})(?:\[(\d+)\])?(?=[.`])", path)
    record = tables[table[1]] if table else kind
    name = path.rstrip("`").rpartition(".")[2] if path.count(".") > (1 if table else 0) else ""
    which = f"{table[1]} {int(table[2]) + 1}: " if table and table[2] else f"{table[1]}: " if table else ""
    where = which + (f"{name}: " if name else "")
    quoted = re.findall(r"[`'](.*?)[`']", said)
    match said.split(maxsplit=1)[0], quoted:
        case "Object", [field] if "unknown" in said:
            return f"{where}there is no field {field!r}; the fields are {', '.join(record.__struct_fields__)}"
        case "Object", [field]:
            return f"{where}{field} is missing; " + (f"add a [[{field}]] table" if field in tables else "fill it in")
        case "Invalid", [value]:
            choices = get_args(get_type_hints(record).get(name))
            return f"{where}{value!r} is none of {', '.join(choices)}; write one of them"
        case "Expected", ["array", "object"]:
            return f"{where}write it with two brackets: [[{name or (table and table[1])}]]"
        case "Expected", [wanted, given]:
            wanted = wanted.removesuffix(" | null")  # TOML has none: such a field is left out
            return f"{where}this is {TYPES.get(given, given)}; write {TYPES.get(wanted, wanted)}"
    return f"{where}{said}; correct that field"
