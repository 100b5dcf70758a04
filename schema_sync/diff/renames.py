"""Renames: what is one object under two names, and what else has changed by that alone.

Nothing is guessed here: pairs come from a server's own identities or from people. What depends on a renamed object
names it in its own texts, and the engine rewrites these along: such a difference is explained, and is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from schema_sync.diff.objects import changed_fields, diff
from schema_sync.model.change import Altered, Change, Diff, Renamed
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.snapshot import Snapshot
from schema_sync.model.words import Word, Words

_S = TypeVar("_S", bound=msgspec.Struct)

Renames = Mapping[Ident, Ident]
"""Old identity -> new identity, of each object that has another name itself; what belongs to it goes along."""

NONE: Final[Renames] = MappingProxyType({})


def moved(ident: Ident, renames: Renames) -> Ident:
    """What an identity is called after the renames."""
    if ident in renames:
        return renames[ident]
    if ident.owner is None:
        return ident
    owner = moved(ident.owner, renames)
    return ident if owner == ident.owner else Ident(ident.kind, ident.name, owner)


def compose(steps: Iterable[Renames]) -> dict[Ident, Ident]:
    """What several steps, one after the other, come to."""
    whole: dict[Ident, Ident] = {}
    for step in steps:
        before = {new: old for old, new in whole.items()}
        following = {old: moved(new, step) for old, new in whole.items()}
        for old, new in step.items():
            following.setdefault(moved(old, before), new)
        whole = {old: new for old, new in following.items() if old != new}
    return whole


def inverse(renames: Renames) -> dict[Ident, Ident]:
    """The way back."""
    return {new: old for old, new in renames.items()}


def usable(renames: Renames, old: Snapshot, new: Snapshot) -> dict[Ident, Ident]:
    """Those whose new name is free on the old side and taken on the new one; owners first, parts of objects last.

    A part may take the name that another one gives up: they are in the order in which that goes.
    """
    found: dict[Ident, Ident] = {}
    left = sorted(renames.items(), key=lambda pair: _turn(pair[0], old))
    while True:
        known = len(found)
        for before, after in left:
            if before not in found and _fits(before, after, found, old, new):
                found[before] = after
        if len(found) == known:
            return found


def _fits(before: Ident, after: Ident, found: Renames, old: Snapshot, new: Snapshot) -> bool:
    if before.kind != after.kind or (before.owner != after.owner and before.owner is None):
        return False
    stayed = before if before.owner is None else Ident(before.kind, before.name, moved(before.owner, found))
    if stayed.owner != after.owner or stayed == after or after in found.values():
        return False
    holder = Ident(after.kind, after.name, before.owner)
    is_given_up = holder in found and before not in old
    is_free = all(is_given_up and each == holder for each in (holder, after) if is_there(old, each))
    return is_free and is_there(old, before) and is_there(new, after)


def is_there(side: Snapshot, ident: Ident) -> bool:
    """Whether there is an object of that identity, or a part of one."""
    owner = None if ident.owner is None else side.get(ident.owner)
    return ident in side or (owner is not None and ident.name in owner.part_names(ident.kind))


def carry(old: Snapshot, new: Snapshot, renames: Renames, words: Words | None = None) -> Snapshot:
    """The old side as it is once its objects have been renamed. `renames` are such as `usable` returns.

    What the engine has rewritten in other objects is taken from the new side, where the renames explain it.
    """
    if not renames:
        return old
    known = called(old, new, renames, words)
    values = _values(old, renames)
    texts = {ident.text: other.text for ident, other in known.items() if ident != other}
    names = _names(old, renames)
    within = _parts(renames, old)
    children = {(ident.owner, ident.name): other.name for ident, other in renames.items()}
    objects = []
    for ident, obj in old.objects.items():
        there = new.get(known[ident])
        how = _Explanation(names.get(ident, {}), texts, words, values.get(ident, {}))
        for kind, parts in within.get(ident, {}).items():
            obj = obj.with_parts_renamed(kind, parts)
        objects.append(_carried(obj.replace(ident=known[ident]), there, how))
    return old.replace(
        objects=objects,
        needs={known[ident]: [known.get(need, need) for need in wanted] for ident, wanted in old.needs.items()},
        order={
            known[owner]: [children.get((owner, name), name) for name in those] for owner, those in old.order.items()
        },
        leans={what: [known.get(ident, ident) for ident in wanted] for what, wanted in old.leans.items()},
        ignored={
            moved(ident, renames): [known.get(need, need) for need in wanted] for ident, wanted in old.ignored.items()
        },
    )


def called(old: Snapshot, new: Snapshot, renames: Renames, words: Words | None = None) -> dict[Ident, Ident]:
    """What every object of the old side is called once others have been renamed: with them, and by their names."""
    names = _names(old, renames) if renames else {}
    return {
        ident: _signed(moved(ident, renames), names[ident], old, new, words)
        if ident in names
        else moved(ident, renames)
        for ident in old.objects
    }


def _carried(here: SchemaObject, there: SchemaObject | None, how: _Explanation) -> SchemaObject:
    """An object of the old side as it is after the renames, which its texts follow also where more than that has
    changed, or it goes: what is done with it is said by the new names.
    """
    if there is None:
        return how.followed_struct(here)
    changed = {each.field: each for each in changed_fields(here, there)}
    explained = {name for name, each in changed.items() if name not in here.verbatim and how.of(each.old, each.new)}
    explained -= {name for name, other in here.hinges.items() if other in changed and other not in explained}
    followed = how.followed_struct(here)
    return here.replace(
        **{name: each.new if name in explained else getattr(followed, name) for name, each in changed.items()}
    )


def with_renames(old: Snapshot, new: Snapshot, renames: Renames, words: Words | None = None) -> Diff:
    """All changes from old to new, where those objects are one under two names."""
    carried = carry(old, new, renames, words)
    changes: dict[Ident, Change] = {change.ident: change for change in diff(carried, new)}
    for before, after in renames.items():
        if before in old:
            altered = changes.get(after)
            fields = altered.fields if isinstance(altered, Altered) else ()
            changes[after] = Renamed(old[before], new[after], fields)
    for owner in _parts(renames, old):
        change = _with_parts(old[owner], new[moved(owner, renames)], changes)
        changes[change.ident] = change
    return Diff(tuple(sorted(changes.values(), key=lambda change: change.ident.text)))


def _with_parts(old: SchemaObject, new: SchemaObject, changes: Mapping[Ident, Change]) -> Change:
    """The change of an object whose parts are renamed; what these carry along is in it."""
    known = changes.get(new.ident)
    there = {each.field: each for each in known.fields} if isinstance(known, Altered | Renamed) else {}
    holding = {part.field for part in old.named_parts.values()}
    fields = tuple(each for each in changed_fields(old, new) if each.field in {*there, *holding})
    return Renamed(old, new, fields) if isinstance(known, Renamed) else Altered(old, new, fields)


def _turn(ident: Ident, old: Snapshot) -> tuple[bool, int, str]:
    return ident not in old, len([*ident.lineage]), ident.text


def _parts(renames: Renames, old: Snapshot) -> dict[Ident, dict[str, dict[str, str]]]:
    """What is renamed within objects: by object and kind, old name -> new name."""
    found: dict[Ident, dict[str, dict[str, str]]] = {}
    for before, after in renames.items():
        if before not in old and before.owner is not None:
            found.setdefault(before.owner, {}).setdefault(before.kind, {})[before.name] = after.name
    return found


def _values(old: Snapshot, renames: Renames) -> dict[Ident, dict[str, dict[str, str]]]:
    """For each object that may mention renamed values of others: by the name of the type, old literal -> new one."""
    within: dict[Ident, dict[str, str]] = {}
    for owner, kinds in _parts(renames, old).items():
        for kind, names in kinds.items():
            if old[owner].named_parts[kind].is_value:
                within.setdefault(owner, {}).update({_literal(was): _literal(now) for was, now in names.items()})
    found: dict[Ident, dict[str, dict[str, str]]] = {}
    for ident in old.objects if within else ():
        for need in (*old.needs.get(ident, ()), *ident.lineage):
            if need in within:
                found.setdefault(ident, {})[need.name] = within[need]
    return found


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _names(old: Snapshot, renames: Renames) -> dict[Ident, dict[str, set[str]]]:
    """For each object that may name a renamed one: old name -> the names that may stand in its place.

    An engine may know only the table that is needed, and not the columns.
    """
    within: dict[Ident, list[Ident]] = {}
    for ident in renames:
        owner = None if ident in old or ident.owner is None else old[ident.owner]
        if owner is None or not owner.named_parts[ident.kind].is_value:
            within.setdefault(ident.top, []).append(ident)
    found: dict[Ident, dict[str, set[str]]] = {}
    for ident in old.objects:
        for top in {other.top for other in (ident, *old.needs.get(ident, ()))}:
            for other in within.get(top, ()):
                for was, now in _spellings(other.name, renames[other].name):
                    found.setdefault(ident, {}).setdefault(was, set()).add(now)
    return found


def _spellings(was: str, now: str) -> Iterable[tuple[str, str]]:
    """Two names as identities have them, and without the types or the method that these may end with."""
    yield was, now
    bare = was.partition("(")[0], now.partition("(")[0]
    if was.endswith(")") and now.endswith(")") and bare[0] != bare[1]:
        yield bare


def _signed(ident: Ident, names: Mapping[str, set[str]], old: Snapshot, new: Snapshot, words: Words | None) -> Ident:
    """The identity of what has a renamed type in its name, as routines have: the new side's, where there is one."""
    if ident in new or words is None:
        return ident
    how = _Explanation(names, {}, words)
    alike = [
        other
        for other in new.objects
        if (other.kind, other.owner) == (ident.kind, ident.owner)
        and other not in old
        and how.of_text(ident.name, other.name)
    ]
    if len(alike) == 1:
        return alike[0]
    found = [word.text for word in words(ident.name)]
    own = found[0] if found[1:2] == ["("] else ident.name if len(found) == 1 else ""
    return Ident(ident.kind, own + how.followed(ident.name.removeprefix(own)), ident.owner)


class _Explanation:
    """Whether a value is what renames make of another one."""

    def __init__(
        self,
        names: Mapping[str, set[str]],
        texts: Mapping[str, str],
        words: Words | None,
        values: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        self._names = names
        self._texts = texts
        self._words = words
        self._values = values

    def followed(self, value: Any) -> Any:
        """A value of the old side with the new names: an identity's text, or the identifiers of SQL, if it is clear
        which name each of them gets.
        """
        if isinstance(value, str):
            return self._texts[value] if value in self._texts else self._followed(value)
        if isinstance(value, tuple):
            return tuple(map(self.followed, value))
        return self.followed_struct(value) if isinstance(value, msgspec.Struct) else value

    def followed_struct(self, value: _S) -> _S:
        """The same of all the fields of a struct, but for an object's identity and for what nobody looks into."""
        kept = {"ident", *_verbatim(value)}
        parts = {name: self.followed(getattr(value, name)) for name in value.__struct_fields__ if name not in kept}
        return msgspec.structs.replace(value, **parts)

    def _followed(self, text: str) -> str:
        if self._words is None or not (self._names or self._values):
            return text
        parts, at = [], 0
        words = self._words(text)
        for n, word in enumerate(words):
            start = text.index(word.text, at)
            parts.append(text[at:start])
            at = start + len(word.text)
            names = self._names.get(word.name, ()) if word.name is not None else ()
            parts.append(_quoted(*names) if len(names) == 1 else self._value(words, n))
        return "".join(parts) + text[at:]

    def _value(self, words: Sequence[Word], at: int) -> str:
        """The word, or the renamed value that it is, with a cast to its type behind it."""
        return self._values.get(_cast_to(words, at + 1) or "", {}).get(words[at].text, words[at].text)

    def of(self, old: Any, new: Any) -> bool:
        """Whether it is, for any value of a field."""
        if old == new:
            return True
        if isinstance(old, str) and isinstance(new, str):
            return self._texts.get(old) == new or self.of_text(old, new)
        if isinstance(old, tuple) and isinstance(new, tuple):
            return len(old) == len(new) and all(map(self.of, old, new))
        if isinstance(old, msgspec.Struct) and type(old) is type(new):
            pairs = {name: (getattr(old, name), getattr(new, name)) for name in old.__struct_fields__}
            return all(
                was == now if name in _verbatim(old) else self.of(was, now) for name, (was, now) in pairs.items()
            )
        return False

    def of_text(self, old: str, new: str) -> bool:
        """Whether it is, for a bare name or for SQL text.

        A column that a query returns under another name than its own is printed with `AS` and that name, which comes
        and goes as the column is renamed.
        """
        if new in self._names.get(old, ()):
            return True
        if self._words is None or not (self._names or self._values):
            return False
        before, after = list(self._words(old)), list(self._words(new))
        at = there = 0
        while at < len(before) and there < len(after):
            word, other = before[at], after[there]
            at, there = at + 1, there + 1
            if word.name is not None and other.name in self._names.get(word.name, ()):
                had, has = _alias(before, at), _alias(after, there)
                at += 2 if had == other.name and has is None else 0
                there += 2 if has == word.name and had is None else 0
            elif word != other and self._value(before, at - 1) != other.text:
                return False
        return (at, there) == (len(before), len(after))


def _verbatim(value: msgspec.Struct) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(value, "verbatim", SchemaObject.verbatim)
    return found


def _quoted(name: str) -> str:
    """An identifier that is right whatever the name is; nothing on the other side is compared with it."""
    return '"' + name.replace('"', '""') + '"'


def _alias(words: Sequence[Word], at: int) -> str | None:
    """The name behind an `AS` that stands here."""
    follows = words[at : at + 2]
    return follows[1].name if len(follows) == 2 and follows[0].text.upper() == "AS" else None


def _cast_to(words: Sequence[Word], at: int) -> str | None:
    """The name of the type, without its schema, to which a cast that stands here leads."""
    if at >= len(words) or words[at].text != "::":
        return None
    at += 1
    while at + 2 < len(words) and words[at + 1].text == ".":
        at += 2
    return words[at].name if at < len(words) else None
