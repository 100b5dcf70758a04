"""`--format json` of every command: one object on stdout, as `schema-sync schema` describes it.

The commands are taken from the application itself, so that a new one has to be called here before it can pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from schema_sync.cli import main
from schema_sync.cli.app import SUMMARIES
from tests.cli.conftest import Fleet, Run

CALLS: Final[Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]] = {
    "init": [(0, ("--url", "sqlite:others/*.db", "--config", "other.toml", "--store", "others"))],
    "doctor": [(0, ())],
    "snapshot": [
        (0, ("--all",)),
        (0, ("globex", "--tag", "v3", "-m", "third")),
        (6, ("acme", "damaged", "--url", "sqlite:tenants/*.db")),
    ],
    "log": [(0, ()), (0, ("v1", "-n", "1"))],
    "show": [(0, ("v2",)), (0, ("v2:tables/customers",)), (0, ("live:acme",)), (0, ("empty",))],
    "diff": [(0, ("v1", "v2")), (1, ("v2", "live:globex", "--exit-code")), (0, ("v1", "v1")), (0, ("empty", "v1"))],
    "tag": [(0, ()), (0, ("v1.0", "v1"))],
    "branch": [(0, ()), (0, ("next", "v2"))],
    "verify": [(0, ()), (0, ("v1",))],
    "tenants": [(0, ())],
    "status": [(0, ())],
    "plan": [
        (0, ("v2", "--all")),
        (0, ("v2", "--tenant", "acme")),
        (0, ("v1", "--tenant", "acme")),
        (6, ("v2", "--all", "--url", "sqlite:tenants/*.db")),
    ],
    "apply": [
        (0, ("v2", "--all", "--dry-run")),
        (0, ("v2", "--all", "--yes")),
        (3, ("v1", "--tenant", "acme", "--yes")),
        (6, ("v2", "--all", "--yes", "--url", "sqlite:tenants/*.db")),
    ],
    "check": [(0, ("v2", "--tenant", "acme")), (1, ("v2",)), (6, ("v2", "--url", "sqlite:tenants/*.db"))],
    "audit": [(0, ()), (6, ("--url", "sqlite:tenants/*.db"))],
    "create-tenant": [(0, ("newcomer", "--at", "v1"))],
}
"""Command -> exit code and arguments of calls that end with a report: of each way in which it can end, one."""


_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def test_every_command_that_prints_json_is_called_here() -> None:
    speakers = {name for name in SUMMARIES if "json" in getattr(main.commands[name], "formats", ("json",))}
    assert speakers == CALLS.keys() | {"schema"}


@pytest.mark.parametrize(
    ("name", "code", "args"),
    [pytest.param(name, *call, id=" ".join((name, *call[1]))) for name, calls in CALLS.items() for call in calls],
)
def test_json_is_one_object_that_the_schema_describes(
    evolved: Fleet, schema: Mapping[str, Any], name: str, code: int, args: tuple[str, ...]
) -> None:
    if "sqlite:tenants/*.db" in args:
        Path("tenants/damaged.db").write_bytes(b"no database at all" * 100)
    said = evolved.run(name, *args, "--format", "json", code=code).stdout
    answer = json.loads(said)
    assert said.startswith("{\n")
    assert said.endswith("\n}\n")
    assert answer["format"] == 1
    assert answer["command"] == name
    assert list(_flaws(answer, schema, schema["$defs"])) == []


def test_the_schema_is_itself_one_json_object(evolved: Fleet, schema: Mapping[str, Any]) -> None:
    assert evolved.json("schema") == schema


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"run": None}, "answer/run: None is no string"),
        ({"seconds": 3}, "answer/seconds: is not described"),
        ({"format": 2}, "answer/format: 2 is none of [1]"),
        ({"tenants": [{"tenant": "eu1/acme"}]}, "answer/tenants/0: lacks status"),
        ({"to": {"rev": "v1", "fingerprint": 7}}, "answer/to: fits nothing"),
        ({"executed": 1}, "answer/executed: 1 is no boolean"),
    ],
)
def test_an_answer_that_the_schema_does_not_describe_is_told(
    schema: Mapping[str, Any], change: Mapping[str, Any], flaw: str
) -> None:
    answer = {"format": 1, "command": "apply", "run": "5f", "executed": True, "to": None, "tenants": [], **change}
    described = schema["$defs"]["ApplyReport"]
    assert [each for each in _flaws(answer, described, schema["$defs"]) if each.startswith(flaw)]
    assert list(_flaws(answer, schema, schema["$defs"]))


@pytest.fixture
def schema(run: Run) -> Any:
    """What `schema-sync schema` prints."""
    return json.loads(run("schema").stdout)


def _flaws(value: Any, schema: Mapping[str, Any], shapes: Mapping[str, Any], at: str = "answer") -> Iterator[str]:
    """Where a value is not as a JSON Schema says, in the keywords that ours uses; a key that it lacks is a flaw."""
    for word, wanted in schema.items():
        match word:
            case "$ref":
                yield from _flaws(value, shapes[wanted.rpartition("/")[2]], shapes, at)
            case "anyOf":
                found = [list(_flaws(value, each, shapes, at)) for each in wanted]
                if all(found):
                    yield f"{at}: fits nothing: {min(found, key=len)}"
            case "enum":
                if value not in wanted:
                    yield f"{at}: {value!r} is none of {wanted}"
            case "type":
                if not isinstance(value, _TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean"):
                    yield f"{at}: {value!r} is no {wanted}"
                    return
            case "required":
                yield from (f"{at}: lacks {key}" for key in wanted if key not in value)
            case "properties":
                for key, each in value.items():
                    yield from _flaws(each, wanted.get(key, {"unknown": key}), shapes, f"{at}/{key}")
            case "additionalProperties":
                for key, each in value.items():
                    yield from _flaws(each, wanted, shapes, f"{at}/{key}")
            case "items":
                for number, each in enumerate(value):
                    yield from _flaws(each, wanted, shapes, f"{at}/{number}")
            case "unknown":
                yield f"{at}: is not described"
            case "$schema" | "$defs" | "title" | "description" | "default":
                continue
            case _:
                raise AssertionError(f"the schema says {word!r}, which is not understood here")
