"""Changes -> what happens to each object: created, dropped, altered, replaced, rebuilt.

A change asks its kind; what the kind answers can pull others in. A replaced object takes along what depends on it; an
alteration that the engine does not carry through (`Action.disturbs`) has dependants dropped before and created after;
a rebuilt owner ends all that was attached to it. What holds data is never pulled in: it lets go (`Kind.release`), or
the plan is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from schema_sync.adapters.kind import (
    IGNORE,
    REBUILD_OWNER,
    REPLACE,
    Action,
    Kind,
    Kinds,
    Release,
    Rules,
    Verdict,
)
from schema_sync.errors import NotConvergeable, Refused, Unmodelled
from schema_sync.model.change import Added, Altered, Diff, Removed
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject


class Fate(Enum):
    """What becomes of one object."""

    CREATE = "create"
    DROP = "drop"
    ALTER = "alter"
    REPLACE = "replace"
    RENEW = "renew"
    """It ends with an owner that is replaced or rebuilt, and is created again."""


@dataclass
class Closure:
    """The fate of every object that a plan touches, and the actions that its kind asks for."""

    kinds: Kinds
    rules: Rules
    added: Mapping[Ident, SchemaObject] = field(default_factory=dict)
    """The objects that only the new side has."""
    fates: dict[Ident, Fate] = field(default_factory=dict)
    actions: dict[Ident, tuple[Action, ...]] = field(default_factory=dict)
    """Those of created, dropped and altered objects, as answered at first."""
    rebuilds: dict[Ident, tuple[Action, ...]] = field(default_factory=dict)
    releases: dict[Ident, dict[Ident, Release]] = field(default_factory=dict)
    """Object -> what it lets go of -> how."""

    @classmethod
    def of(cls, diff: Diff, kinds: Kinds, rules: Rules) -> Closure:
        """Decide all of it.

        Raises:
            NotConvergeable: something that holds data would have to be replaced because something else is.
            Refused: an ignored object would have to be dropped or rebuilt.
            Unmodelled: something that no cell reads depends on what would have to go or to change.
        """
        closure = cls(kinds, rules, {change.ident: change.new for change in diff if isinstance(change, Added)})
        verdicts = [(change.ident, closure._ask(change)) for change in diff]
        for ident, verdict in verdicts:
            if verdict is REPLACE:
                closure._replace(ident, None)
            elif verdict is REBUILD_OWNER:
                closure._rebuild(ident.owner or ident)
        for ident, verdict in verdicts:
            if verdict is None and not closure.is_absorbed(ident):
                closure._spread(ident)
        return closure

    def kind(self, ident: Ident) -> Kind:
        """The cell of an object's kind."""
        return self.kinds[ident.kind]

    def is_absorbed(self, ident: Ident) -> bool:
        """Whether the statements of its owner are all that it takes: an inline child of one created or rebuilt."""
        owner = ident.owner
        if ident in self.rebuilds:
            return True
        if owner is None or not self.kind(ident).inline:
            return False
        return owner in self.rebuilds or self.fates.get(owner) in (
            Fate.CREATE,
            Fate.DROP,
            Fate.REPLACE,
            Fate.RENEW,
        )

    def _ask(self, change: object) -> Verdict | None:
        match change:
            case Added(new=obj):
                self.fates[obj.ident] = Fate.CREATE
                if self.kind(obj.ident).inline and obj.ident.owner not in self.rules.old:
                    return None
                return self._keep(obj.ident, [self.kind(obj.ident).create(obj, self.rules)])
            case Removed(old=obj):
                self.fates[obj.ident] = Fate.DROP
                if obj.ident.owner is not None and obj.ident.owner not in self.rules.new:
                    return None
                return self._keep(obj.ident, [self.kind(obj.ident).drop(obj, self.rules)])
            case Altered(old=old, new=new, fields=fields):
                alter = self.kind(new.ident).alter
                rules = list(dict.fromkeys(alter[change.field] for change in fields))
                self.fates[new.ident] = Fate.ALTER
                return self._keep(
                    new.ident,
                    [rule if isinstance(rule, Verdict) else rule(old, new, self.rules) for rule in rules],
                )
            case _:
                raise TypeError(f"{change!r} is no change that a plan can be made of")

    def _keep(self, ident: Ident, answers: Iterable[Iterable[Action] | Verdict]) -> Verdict | None:
        """Keep the actions, unless a verdict outweighs them."""
        actions: list[Action] = []
        verdicts: set[Verdict] = set()
        for answer in answers:
            if isinstance(answer, Verdict):
                verdicts.add(answer)
            else:
                actions += answer
        for verdict in (REBUILD_OWNER, REPLACE):
            if verdict in verdicts:
                return verdict
        if verdicts == {IGNORE} and not actions:
            self.fates.pop(ident, None)
        self.actions[ident] = tuple(actions)
        return None

    def _replace(self, ident: Ident, because: Ident | None) -> None:
        """Drop and create it, and what depends on it."""
        if self.fates.get(ident) in (Fate.REPLACE, Fate.RENEW, Fate.DROP):
            return
        kind = self.kind(ident)
        if kind.inline:
            assert ident.owner is not None
            self._rebuild(ident.owner)
            return
        if because is not None and kind.keeps(self.rules.old[ident]):
            raise NotConvergeable(
                f"{because.text} has to be replaced, and {ident.text}, which depends on it, holds data",
                hint="change it in two versions: first what depends on it, then the object itself",
            )
        self.fates[ident] = Fate.REPLACE
        self.actions.pop(ident, None)
        for child in self.rules.old.children(ident):
            self._end_with_owner(child.ident)
        self._gone(ident)
        for other in sorted(kind.ties(self.rules.old[ident], self.rules)):
            if other in self.rules.old and other in self.rules.new:
                self._replace(other, ident)

    def _end_with_owner(self, ident: Ident) -> None:
        if ident in self.rules.new:
            self.fates[ident] = Fate.RENEW
            self.actions.pop(ident, None)
        for child in self.rules.old.children(ident):
            self._end_with_owner(child.ident)
        self._gone(ident)

    def _rebuild(self, owner: Ident) -> None:
        """Write the owner anew; what is attached to it ends with the old one."""
        if owner in self.rebuilds or self.fates.get(owner) in (
            Fate.REPLACE,
            Fate.RENEW,
            Fate.CREATE,
            Fate.DROP,
        ):
            return
        rules, rebuild = self.rules, self.kind(owner).rebuild
        if rebuild is None and self.kind(owner).refills:
            self._replace(owner, None)
            return
        if rebuild is None:
            raise TypeError(f"the kind {owner.kind!r} answers with a rebuild and has none")
        self.rebuilds[owner] = tuple(rebuild(rules.old[owner], rules.new[owner], rules))
        inside = [owner]
        for child in rules.old.children(owner):
            inside.append(child.ident)
            if not self.kind(child.ident).inline and child.ident in rules.new:
                self._end_with_owner(child.ident)
        for ignored in rules.old.ignored:
            if ignored.within(owner):
                raise self._ignored(ignored, owner)
        for word in {action.disturbs for action in self.rebuilds[owner]} - {None}:
            for ident in inside:
                self._disturb(ident, str(word), inside=owner)

    def _spread(self, ident: Ident) -> None:
        """What the actions of one change pull in."""
        fate = self.fates.get(ident)
        if fate is Fate.DROP:
            self._gone(ident)
        for action in self.actions.get(ident, ()):
            for other in sorted(action.around):
                if other in self.rules.old and other in self.rules.new:
                    self._replace(other, ident)
            if action.disturbs is not None and fate in (Fate.ALTER, Fate.CREATE, Fate.DROP):
                for other in (ident, *sorted(action.along)):
                    self._disturb(other, action.disturbs)
                if fate is not Fate.ALTER and ident.owner is not None:
                    self._disturb(ident.owner, action.disturbs, inside=ident.owner)

    def _disturb(self, ident: Ident, word: str, inside: Ident | None = None) -> None:
        self._spare_unmodelled(ident)
        for ignored, wanted in self.rules.old.ignored.items():
            if ident in wanted and word not in self.kind(ignored).survives:
                raise self._ignored(ignored, ident)
        for dependant in sorted(self.rules.old.dependants.get(ident, ())):
            if inside is not None and dependant.within(inside):
                continue
            carried = self.kind(dependant).carries(self.rules.old[dependant], word)
            if not carried and dependant in self.rules.new:
                self._let_go(dependant, ident)

    def _gone(self, ident: Ident) -> None:
        """Its dependants cannot stay as they are."""
        for ignored, wanted in self.rules.old.ignored.items():
            if ident in wanted or ignored.within(ident):
                raise self._ignored(ignored, ident)
        self._spare_unmodelled(ident)
        for dependant in sorted(self.rules.old.dependants.get(ident, ())):
            if dependant.within(ident) or dependant not in self.rules.new or self.kind(dependant).dangles:
                continue
            moved = ident not in self.rules.new.needs.get(dependant, frozenset())
            leaves = moved and self.fates.get(dependant) is Fate.ALTER and not self._is_succeeded(ident)
            if ident not in self.rules.new and leaves:
                continue
            self._let_go(dependant, ident)

    def _is_succeeded(self, ident: Ident) -> bool:
        """Whether another object takes the name: what called the old one by it has to let go before it can move."""
        held = set(self.kind(ident).claims(self.rules.old[ident]))
        return not held.isdisjoint(self._taken)

    @cached_property
    def _taken(self) -> set[tuple[str, str]]:
        """The names that added objects claim."""
        return {claim for ident, obj in self.added.items() for claim in self.kind(ident).claims(obj)}

    def _let_go(self, dependant: Ident, ident: Ident) -> None:
        kind = self.kind(dependant)
        if kind.release is not None and self.fates.get(dependant) not in (Fate.REPLACE, Fate.RENEW):
            release = kind.release(self.rules.old[dependant], ident, self.rules)
            if release is REPLACE:
                self._replace(dependant, None)
                return
            if isinstance(release, Release):
                self.releases.setdefault(dependant, {})[ident] = release
                for action in release.before:
                    if action.disturbs is not None:
                        for other in (dependant, *sorted(action.along)):
                            self._disturb(other, action.disturbs)
                return
        self._replace(dependant, ident)

    def _spare_unmodelled(self, ident: Ident) -> None:
        """Nobody knows how to make anew what nobody has read."""
        for what, wanted in sorted(self.rules.old.leans.items()):
            if ident in wanted:
                raise Unmodelled(
                    f"{ident.text} has to be dropped or changed, and what depends on it is not modelled yet: {what}",
                    hint="change these by hand, in every tenant",
                )

    def _ignored(self, ignored: Ident, ident: Ident) -> Refused:
        return Refused(
            f"{ident.text} cannot be changed as long as {ignored.text}, which is ignored, needs it as it is",
            hint="take it out of `ignore`, or drop it by hand first",
        )
