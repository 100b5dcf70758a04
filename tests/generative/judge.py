"""One step, judged: from one schema to another and back, with every promise that the package makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schema_sync.adapters import registry
from schema_sync.adapters.postgres.session import ServerError
from schema_sync.diff import usable, with_renames
from schema_sync.errors import NotConvergeable, SchemaSyncError, TenantFailed, Unmodelled
from schema_sync.model.change import Altered, Diff, Removed, Renamed
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot
from tests.generative.ground import NAMES, Ground, Place
from tests.generative.model import Schema, Thing
from tests.tenants import Broken, PostgresTenant, Rows, capture, capture_many, converge, lost_rows

_OF_ROWS = ("21", "22", "23")
"""The classes of SQLSTATE that say what is wrong with rows (manual: appendix A)."""

_ASKED = "its rows do not allow the plan"
"""What is said where the rows themselves were asked beforehand."""

_UNREAD = "privileges on "
"""What is told of the members of extensions, which are no objects."""

ALLOWED = (
    (r"PostgreSQL has no cast from", "what no cast leads to is refused, and the hint says how to go about it"),
    (r"which depends on it, holds data", "what holds data is never replaced unasked"),
    (r"RESTART value .* cannot be", "where a sequence stands is data, and can be outside of the new bounds"),
    (_UNREAD, "what is not read is told, and where it differs nothing is planned"),
    (r"cannot drop type .*_schema_sync_", "a gap that a case knows: table--partition-key-and-a-replaced-type"),
)
"""Refusals that are promised, and gaps that are known, by what they say."""


class Failed(AssertionError):
    """A step that did not keep a promise."""

    def __init__(self, way: str, why: str, old: Schema, new: Schema, rows: list[str]) -> None:
        """`way` is that from `old` to `new`."""
        told = _renames(old, new)
        shown = "".join(f"-- renames: {was.text} = {now.text}\n" for was, now in told.items())
        shown += f"-- old.sql\n{old.script()}-- new.sql\n{new.script()}"
        shown += f"-- seed.sql\n{''.join(f'{row};' + chr(10) for row in rows)}" if rows else ""
        super().__init__(f"{way}: {why}\n{shown}")
        self.way = way
        self.why = why

    @property
    def signature(self) -> str:
        """What it has in common with others of its kind: the words without names and numbers."""
        return re.sub(r"'(?:[^'])*'|\"(?:[^\"]|\"\")*\"|\d+|[\w/%]*\d+\w*", "…", self.why.splitlines()[0])[:90]


@dataclass
class Judged:
    """How a step ended."""

    diffs: dict[str, Diff] = field(default_factory=dict)
    """Way -> what it had to change."""
    refused: dict[str, str] = field(default_factory=dict)
    """Way -> why it was refused, as promised."""
    emptied: set[str] = field(default_factory=set)
    """The ways that were gone without rows, which the target does not take."""
    sifted: int = 0
    """How many things the server did not take."""


WAYS = ("forward", "backward")


def judge(
    ground: Ground, old: Schema, new: Schema, *, rows: bool, ways: Sequence[str] = WAYS, dumped: bool = True
) -> Judged:
    """Take the step both ways, or one of them, with rows or without; pg_dump is asked unless it is not needed.

    Raises:
        Failed: a promise was not kept.
    """
    places = ground.places(old, new)
    try:
        return ground.runner.run(_Step(ground, places, old, new, rows).judged(ways, dumped))
    finally:
        for place in {id(place): place for place in places.values()}.values():
            place.drop(*NAMES.values())


class _Step:
    def __init__(self, ground: Ground, places: Mapping[str, Place], old: Schema, new: Schema, rows: bool) -> None:
        self.ground = ground
        self.places = places
        self.rows = rows
        before = len(old.things) + len(new.things)
        self.old = self._place("old").sifted(NAMES["old"], old)
        self.new = self._place("new").sifted(NAMES["new"], new)
        self._sifted = before - len(self.old.things) - len(self.new.things)

    def _place(self, role: str) -> Place:
        return self.places[role]

    async def judged(self, ways: Sequence[str], is_dumped: bool) -> Judged:
        for role, schema in (("forward", self.old), ("backward", self.new)):
            self._place(role).load(NAMES[role], schema)
        captured = await self._captured()
        judged = Judged(sifted=self._sifted)
        for role, twin in (("forward", "old"), ("backward", "new")):
            if captured[role].files != captured[twin].files:
                raise self._failed(role, "one script, two tenants, and they are not equal", [])
            if unread := [line for line in captured[role].unmodelled if not line.startswith(_UNREAD)]:
                raise self._failed(role, f"unmodelled: {unread}", [])
        for way in ways:
            await self._goes(way, captured, judged)
        dumped = self.ground.dumped(self.places) if is_dumped else {}
        for way, twin in (("forward", "new"), ("backward", "old")):
            if way in ways and is_dumped and way not in judged.refused and dumped[way] != dumped[twin]:
                extra, missing = (sorted({*dumped[a]} - {*dumped[b]}) for a, b in ((way, twin), (twin, way)))
                sorts = ", ".join(sorted({line.partition(" ")[0] for line in extra + missing}))
                why = f"pg_dump tells them apart ({sorts}): has {extra[:2]}, should have {missing[:2]}"
                raise self._failed(way, why, [])
        return judged

    async def _captured(self) -> dict[str, Snapshot]:
        tenants = {role: place.tenant(NAMES[role]) for role, place in self.places.items()}
        try:
            if len({place.url for place in self.places.values()}) == 1:
                return dict(zip(tenants, await capture_many([*tenants.values()]), strict=True))
            return {role: await capture(tenant) for role, tenant in tenants.items()}
        except (SchemaSyncError, Broken) as error:
            raise self._failed("forward", f"captured: {type(error).__name__}: {error}", []) from error

    async def _goes(self, way: str, captured: Mapping[str, Snapshot], judged: Judged) -> None:
        place, source = self._place(way), self.old if way == "forward" else self.new
        start, target = (captured[role] for role in (("old", "new") if way == "forward" else ("new", "old")))
        tenant = place.tenant(NAMES[way])
        done = place.seed(tenant.name, source) if self.rows else []
        before = tenant.rows() if done else {}
        renames = _renames(self.old, self.new)
        renames = renames if way == "forward" else {now: was for was, now in renames.items()}
        judged.diffs[way] = with_renames(start, target, usable(renames, start, target), registry.words("postgresql"))
        try:
            try:
                await converge(tenant, target, renames)
            except TenantFailed as error:
                if not done or not await _is_of_rows(error, tenant, target, renames):
                    raise
                judged.emptied.add(way)
                place.empty(tenant.name, source)
                before = tenant.rows()
                await converge(tenant, target, renames)
        except (NotConvergeable, TenantFailed, Unmodelled) as error:
            if not any(re.search(pattern, error.message) for pattern, _ in ALLOWED):
                raise self._failed(way, f"{type(error).__name__}: {error.message}", done) from error
            judged.refused[way] = error.message
            return
        except Exception as error:
            raise self._failed(way, f"{type(error).__name__}: {error}", done) from error
        changes = judged.diffs[way]
        tables, columns = _emptied(changes, target), _recomputed(changes, target)
        lost = lost_rows(_moved(before, renames), tenant.rows(), tables=tables, columns=columns)
        if lost:
            raise self._failed(way, f"rows: {'; '.join(lost)}", done)

    def _failed(self, way: str, why: str, rows: list[str]) -> Failed:
        old, new = (self.old, self.new) if way == "forward" else (self.new, self.old)
        return Failed(way, why, old, new, rows)


async def _is_of_rows(
    error: TenantFailed, tenant: PostgresTenant, target: Snapshot, renames: Mapping[Ident, Ident]
) -> bool:
    """Whether the target does not take the rows that there are. Where they were asked, the server has to say the same.

    Raises:
        Broken: the rows were said not to allow what the server lets happen.
    """
    if _ASKED not in error.message:
        return _sqlstate(error)[:2] in _OF_ROWS
    try:
        await converge(tenant, target, renames, asks=False)
    except TenantFailed as told:
        return _sqlstate(told)[:2] in _OF_ROWS
    raise Broken(f"{error.message}; and the server takes them")


def _sqlstate(error: BaseException | None) -> str:
    """What the server said in the end."""
    while error is not None and not isinstance(error, ServerError):
        error = error.__cause__
    return "" if error is None else error.sqlstate


def _renames(old: Schema, new: Schema) -> dict[Ident, Ident]:
    """What was renamed, where the identity of such a thing is its name."""
    pairs = [(old.things[n], new.things[n]) for n in old.things.keys() & new.things.keys()]
    found = {}
    for was, now in pairs:
        if was.recipe.renamed and was.name != now.name:
            found[_ident(old, was)] = _ident(new, now)
            if was.recipe.kind == "column":
                found |= _of_heirs(old, new, was, now)
    return found


def _of_heirs(old: Schema, new: Schema, was: Thing, now: Thing) -> dict[Ident, Ident]:
    """The columns that heirs and partitions have of a renamed one, which a server's own identities would tell."""
    found, tables = {}, [was.uses["table"]]
    while tables:
        table = tables.pop()
        heirs = {each.number for each in old.users(table) if each.recipe.kind == "table"} & new.things.keys()
        tables += heirs
        for heir in heirs:
            before, after = (
                Ident("column", name, _ident(schema, schema.things[heir]))
                for name, schema in ((was.name, old), (now.name, new))
            )
            found[before] = after
    return found


def _ident(schema: Schema, thing: Thing) -> Ident:
    role = thing.recipe.owner
    owner = _ident(schema, schema.things[thing.uses[role]]) if role in thing.uses and role else None
    return Ident(thing.recipe.kind, thing.name, owner)


def _moved(rows: Rows, renames: Mapping[Ident, Ident]) -> Rows:
    """The rows by the names that their tables and columns get."""
    tables = {was.name: now.name for was, now in renames.items() if was.kind == "table"}
    columns = {
        (was.owner.name, was.name): now.name for was, now in renames.items() if was.kind == "column" and was.owner
    }
    return {
        tables.get(table, table): [
            {columns.get((table, column), column): value for column, value in row.items()} for row in found
        ]
        for table, found in rows.items()
    }


def _emptied(changes: Diff, target: Snapshot) -> set[str]:
    """The tables that may lose rows: partitioned ones, where a partition goes with what is in it."""
    partitions = [each for each in changes if isinstance(each, Removed) and getattr(each.old, "partition_of", None)]
    return {ident.name for ident, each in target.objects.items() if partitions and getattr(each, "partition_by", None)}


_OF_VALUES = {"type", "generated", "virtual"}
_TYPES = {"composite_type", "enum", "range_type", "domain"}


def _recomputed(changes: Diff, target: Snapshot) -> set[str]:
    """The columns whose values may become others, as `table.column`: those of another type or expression, and where
    one of the tenant's types has changed, all of such types.
    """
    changed = [each for each in changes if isinstance(each, Altered | Renamed)]
    columns = {each.ident for each in changed if _OF_VALUES & {one.field for one in each.fields}}
    if any(each.ident.kind in _TYPES for each in changes):
        names = [ident.name for ident in target.objects if ident.kind in _TYPES]
        typed = {ident: getattr(each, "type", "") for ident, each in target.objects.items() if ident.kind == "column"}
        columns |= {ident for ident, type_ in typed.items() if any(name in type_.replace('""', '"') for name in names)}
    return {f"{ident.owner.name}.{ident.name}" for ident in columns if ident.kind == "column" and ident.owner}
