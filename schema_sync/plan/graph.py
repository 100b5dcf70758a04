"""Fates -> nodes and edges: one node for each action, one edge for each thing that it must wait for.

Old needs decide when things go, new needs when things come. A *soft* edge is a preference: it is given up where it
would close a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from types import MappingProxyType
from typing import Final

from schema_sync.adapters.kind import Action, Answer, Apart, Rules, Verdict
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan.closure import Closure, Fate
from schema_sync.plan.node import Node

_RENAMES: Final = -3
"""The phase of renames: before all else, since everything else is said under the new names."""


class Graph:
    """All nodes of a plan with their edges."""

    def __init__(self, closure: Closure, former: Mapping[Ident, str] = MappingProxyType({})) -> None:
        self.closure = closure
        self.former = {ident: name for ident, name in former.items() if ident in closure.rules.new}
        """The names that renamed objects had, by their new identities."""
        self._former_parts = {ident: name for ident, name in former.items() if ident not in self.former}
        self.rules: Rules = closure.rules
        self.nodes: list[Node] = []
        self.drops: dict[Ident, list[Node]] = {}
        self.creates: dict[Ident, list[Node]] = {}
        self.alters: dict[Ident, list[Node]] = {}
        self.rebuilds: dict[Ident, list[Node]] = {}
        self.befores: dict[Ident, list[Node]] = {}
        self.afters: dict[Ident, list[Node]] = {}
        self.renames: dict[Ident, list[Node]] = {}
        self._needed: dict[Ident, set[Ident]] = {}
        self._place()
        self._bring_along()
        self.clearing: dict[Ident, list[Node]] = {}
        for node in self.nodes:
            for ident in node.action.clears:
                self.clearing.setdefault(ident, []).append(node)
        self._go_along()
        self._connect()
        self._step_back()
        self._gather()

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        for ident, name in self.former.items():
            rename = self.closure.kind(ident).rename
            assert rename is not None
            was = self.rules.old[ident].replace(ident=Ident(ident.kind, name, ident.owner))
            self.renames[ident] = self._add(ident, "rename", rename(was, self.rules.new[ident], self.rules))
        for ident, name in self._former_parts.items():
            owner = ident.owner
            assert owner is not None
            rename_part = self.closure.kind(owner).rename_parts[ident.kind]
            before = self.renames.get(owner, [])
            nodes = self._add(owner, "rename", rename_part(self.rules.new[owner], name, ident.name, self.rules))
            for node in nodes:
                node.wait(before)
            self.renames[owner] = [*before, *nodes]
        for ident in sorted(self.closure.fates, key=lambda ident: ident.text):
            fate = self.closure.fates[ident]
            if self.closure.is_absorbed(ident):
                continue
            if fate is Fate.REPLACE or (fate is Fate.DROP and self._goes_alone(ident)):
                drop = self.closure.kind(ident).drop(self.rules.old[ident], self.rules)
                self.drops[ident] = self._add(ident, "drop", drop)
            if fate in (Fate.CREATE, Fate.REPLACE, Fate.RENEW):
                create = self.closure.kind(ident).create(self.rules.new[ident], self.rules)
                self.creates[ident] = self._add(ident, "create", create)
            elif fate is Fate.ALTER:
                self.alters[ident] = self._add(ident, "alter", self._left_to_alter(ident))
            if fate is Fate.REPLACE and self.closure.kind(ident).refills:
                for node in (*self.drops[ident], *self.creates[ident]):
                    node.word = "rebuild"
        for ident, actions in self.closure.rebuilds.items():
            self.rebuilds[ident] = self._add(ident, "rebuild", actions)
        for ident, releases in self.closure.releases.items():
            if self.closure.fates.get(ident) in (Fate.REPLACE, Fate.RENEW):
                continue
            most = sorted(releases.values(), key=lambda release: -len(release.after))
            befores = dict.fromkeys(action for release in most for action in release.before)
            afters = dict.fromkeys(action for release in most for action in release.after)
            self.befores[ident] = self._add(ident, "alter", befores, phase=0)
            self.afters[ident] = self._add(ident, "alter", afters)

    def _bring_along(self) -> None:
        """Count an action as the first step of all that the engine carries it on to."""
        for node in self.nodes:
            for ident in sorted(node.action.along):
                holding = [those for those in (self.befores, self.afters) if node in those.get(node.ident, ())]
                for those in holding:
                    those[ident] = [node, *those.get(ident, ())]
                if holding:
                    continue
                fate = self.closure.fates.get(ident)
                if fate is None:
                    continue
                those = self.alters
                if node.word == "drop" or fate is Fate.DROP:
                    those = self.drops
                elif node.word == "create" or fate is Fate.CREATE:
                    those = self.creates
                for own in those.get(ident, ()):
                    if own.ident == ident:
                        own.wait([node])
                those[ident] = [node, *those.get(ident, ())]

    def _go_along(self) -> None:
        """Count what takes a removed object along as its end, where its own rule has asked for nothing."""
        for ident in [ident for ident, nodes in self.drops.items() if not nodes]:
            if (taker := self._taker(ident)) is not None:
                self.drops[ident] = [*self.clearing.get(taker.top, ()), *self.ending(taker)]

    def _left_to_alter(self, ident: Ident) -> list[Action]:
        """Its own alteration, but for what taking hold of a successor does already."""
        done = {word for release in self.closure.releases.get(ident, {}).values() for word in release.instead}
        return [action for action in self.closure.actions.get(ident, ()) if action.disturbs not in done]

    def _goes_alone(self, ident: Ident) -> bool:
        """Whether a removed object takes a statement of its own: unless its owner's takes it along.

        It must go first where what it needs, outside of what its owner takes, goes too and needs its owner in turn:
        tables that refer to each other could not be dropped in any order. What is itself taken along does not end a
        circle.
        """
        root = ident
        for owner in ident.lineage:
            if self.closure.fates.get(owner) in (Fate.DROP, Fate.REPLACE):
                root = owner
        if root == ident:
            return True
        if self.closure.kind(ident).inline:
            return False
        return any(
            not need.within(root)
            and self._ends(need)
            and self._taker(need) is None
            and self._leads_to(need.top, root.top)
            for need in self.rules.old.needs.get(ident, frozenset())
        )

    def _leads_to(self, start: Ident, goal: Ident) -> bool:
        """Whether a top-level object, or anything that belongs to it, needs another one at any remove."""
        seen, ahead = {start}, [start]
        while ahead:
            at = ahead.pop()
            if at == goal:
                return True
            further = self._needed_by(at) - seen
            seen |= further
            ahead += further
        return False

    def _needed_by(self, top: Ident) -> set[Ident]:
        """The top-level objects that one needs on the old side, by itself or by what belongs to it, and those that take
        it along where it goes.
        """
        if top not in self._needed:
            inside = [top]
            for ident in inside:
                inside += [child.ident for child in self.rules.old.children(ident)]
            found = {need.top for ident in inside for need in self.rules.old.needs.get(ident, ())}
            going = [self._taker(ident) for ident in inside if self.closure.fates.get(ident) is Fate.DROP]
            self._needed[top] = found | {taker.top for taker in going if taker is not None}
        return self._needed[top]

    def _taker(self, ident: Ident) -> Ident | None:
        """What takes a removed object along besides its owner."""
        obj = self.rules.old.get(ident)
        return None if obj is None else self.closure.kind(ident).goes_with(obj)

    def _ends(self, ident: Ident) -> bool:
        return any(self.closure.fates.get(at) in (Fate.DROP, Fate.REPLACE, Fate.RENEW) for at in ident.lineage)

    def _add(self, ident: Ident, word: str, answer: Answer, *, phase: int = 1) -> list[Node]:
        if isinstance(answer, Verdict):
            raise TypeError(f"{ident.text}: the kind {ident.kind!r} answers {answer} where only actions can help")
        nodes: list[Node] = []
        weight = self.closure.kind(ident).weight
        if word == "drop":
            phase, weight = 0, -weight
        elif word == "rename":
            phase, weight = _RENAMES, 0 if ident.owner is None else 1
        near = ident if ident.owner is None else ident.owner
        position = _position(ident, self.rules.old if word == "drop" else self.rules.new)
        chain = object()
        for n, action in enumerate(answer):
            first = phase if action.apart is None else action.apart.value
            whole = (first, weight, near.text, position, ident.text, len(self.nodes) + n)
            node = Node(ident, word, action, whole, chain, n)
            node.wait(nodes[-1:])
            nodes.append(node)
        self.nodes += nodes
        return nodes

    # -- edges ---------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        touched = dict.fromkeys(
            ident
            for those in (
                self.drops,
                self.creates,
                self.alters,
                self.rebuilds,
                self.befores,
                self.closure.fates,
            )
            for ident in those
        )
        for owner in self.rebuilds:
            touched |= dict.fromkeys(child.ident for child in self.rules.old.children(owner))
            touched |= dict.fromkeys(child.ident for child in self.rules.new.children(owner))
        for ident in touched:
            self._chain(ident)
            self._follow_owner(ident)
            self._leave(ident)
            self._arrive(ident)
        for node in self.nodes:
            for other in node.action.after:
                node.wait(self.beginning(other))
                node.wait((late for late in self.alters.get(other, ()) if not late.action.late), soft=True)
            for other in node.action.prefers:
                node.wait((late for late in self.beginning(other) if late.ident != node.ident), soft=True)
            for other in node.action.around:
                node.wait(self.ending(other))
                for create in self.creates.get(other, [])[:1]:
                    create.wait([node])
            for other in node.action.before:
                for end in self.ending(other):
                    end.wait([node])
            for other in node.action.follows:
                node.wait(step for step in self._steps(other) if not (node.action.late and step.action.late))
            for other in node.action.precedes:
                for step in self._steps(other):
                    if step.ident != node.ident:
                        step.wait([node])
        self._clear()
        self._yield_names()
        self._after_renames()

    def _step_back(self) -> None:
        """Let what follows long steps join what follows the other ones, and long steps that follow come after that."""
        levels = dict.fromkeys(self.nodes, 0)
        waits = {node: len(node.waits) for node in self.nodes}
        followers: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for other in node.waits:
                followers[other].append(node)
        ready = [node for node in self.nodes if not waits[node]]
        for node in ready:
            is_long = node.action.apart is Apart.LAST
            if levels[node] and node.action.apart is not Apart.FIRST:
                node.rank = (Apart.LAST.value + 2 * levels[node] - (not is_long), *node.rank[1:])
            for follower in followers[node]:
                levels[follower] = max(levels[follower], levels[node] + is_long)
                waits[follower] -= 1
                if not waits[follower]:
                    ready.append(follower)

    def _gather(self) -> None:
        """Let what opens a statement come after what those wait for that can join it and stand in an order: one that
        came too late for the statement would stand behind the others.
        """
        openers = {
            each.into: node
            for nodes in self.creates.values()
            for node in nodes
            for each in node.action.folds
            if each.clause is None
        }
        for ident, nodes in self.creates.items():
            if not type(self.rules.new[ident]).in_order:
                continue
            for node in nodes:
                for opener in [openers[each.into] for each in node.action.folds if each.into in openers]:
                    ahead = (each for each in node.waits if each.ident.top != ident.top)
                    opener.wait((each for each in ahead if each.rank[0] <= opener.rank[0]), soft=True)

    def _steps(self, ident: Ident) -> list[Node]:
        """All nodes of an object, those that bring it along among them."""
        all_of_it = (self.befores, self.drops, self.rebuilds, self.creates, self.afters, self.alters)
        return [node for those in all_of_it for node in those.get(ident, ())]

    def _clear(self) -> None:
        """What belongs to an object whose old form is in the way comes after that has gone."""
        for ident in self.creates:
            if ident.owner is not None:
                for node in self.creates[ident][:1]:
                    node.wait(self._clearing(ident, ident))

    def _clearing(self, ident: Ident, of: Ident) -> list[Node]:
        """The nodes that take the old form of something out of the way, if it is to wait for them."""
        return [
            node
            for node in self.clearing.get(of.top, ())
            if ident not in node.action.after and ident not in node.action.clears
        ]

    def _chain(self, ident: Ident) -> None:
        """An object's own steps: let go, drop, create, take hold, alter."""
        steps = [those.get(ident, []) for those in (self.befores, self.drops, self.creates, self.afters, self.alters)]
        present = [nodes for nodes in steps if nodes]
        for earlier, later in pairwise(present):
            later[0].wait(earlier)

    def _follow_owner(self, ident: Ident) -> None:
        if ident.owner is None:
            return
        # A rule may ask for nothing: the statement of another object brings this one along.
        for node in self.creates.get(ident, [])[:1]:
            node.wait(self.beginning(ident.owner))
        for end in self.ending(ident.owner):
            end.wait(self.drops.get(ident, []))

    def _leave(self, ident: Ident) -> None:
        """What goes or lets go does so before that which it needs goes or changes."""
        soft = self.closure.kind(ident).dangles
        going = self.drops.get(ident, [])
        for need in self.rules.old.needs.get(ident, frozenset()):
            release = self.closure.releases.get(ident, {}).get(need)
            released = self.befores.get(ident, []) if release is not None else []
            keeps = need in self.rules.new.needs.get(ident, frozenset())
            own = [] if keeps else [node for node in self.alters.get(ident, ()) if not node.action.late]
            ending = self.ending(need)
            # What is run first of all, and committed, leaves those who depend on it as they are; so does what says so.
            altering = [
                node
                for node in self.alters.get(need, ())
                if node.action.apart is not Apart.FIRST and ident not in node.action.precedes
            ]
            for node in (*ending, *altering, *self.befores.get(need, ())):
                node.wait([*going, *released], soft=soft)
            if release is not None and not release.before:
                for node in altering:
                    node.wait(own, soft=soft)
            if going or not ending or (release is not None and release.before):
                continue
            moving = [] if keeps else [*own, *self._absorbing(ident)]
            aside = self.clearing.get(need.top, []) if ident.top in self.clearing else []
            for node in aside or ending:
                cleared = [each for each in self.clearing.get(ident.top, ()) if need.top not in self.clearing]
                node.wait([*moving, *self._taken_along(ident), *cleared], soft=soft)

    def _arrive(self, ident: Ident) -> None:
        """What comes does so after that which it needs has come or changed."""
        soft = self.closure.kind(ident).dangles
        coming = self.creates.get(ident, [])[:1] or [node for node in self._absorbing(ident) if ident in self.rules.new]
        for need in self.rules.new.needs.get(ident, frozenset()):
            there = [*self.beginning(need), *self.alters.get(need, ()), *self.afters.get(need, ())]
            for node in coming:
                node.wait([*there, *self._clearing(ident, need)], soft=soft)
            for node in [node for node in self.alters.get(ident, []) if not node.action.early][:1]:
                node.wait(self.beginning(need), soft=soft)
                node.wait(self.alters.get(need, ()), soft=True)
            for node in self.afters.get(ident, [])[:1]:
                node.wait(there)

    def _after_renames(self) -> None:
        """All that is said of a renamed object, or of what needs it, is said under its new name; and it has to be
        there yet: what it belongs to may be made anew.
        """
        if not self.renames:
            return
        for ident, renames in self.renames.items():
            for owner in [*ident.lineage][1:]:
                for step in self._steps(owner):
                    step.wait(renames)
        for node in self.nodes:
            needs = (side.needs.get(node.ident, ()) for side in (self.rules.old, self.rules.new))
            for ident in (node.ident, *chain.from_iterable(needs)):
                for at in ident.lineage:
                    if node.word != "rename" or at != node.ident:
                        node.wait(self.renames.get(at, ()))

    def _yield_names(self) -> None:
        """A name is free only when its holder is gone, or has been altered so that it no longer holds it."""
        givers: dict[tuple[str, str], list[Sequence[Node]]] = {}
        takers: list[tuple[Node, set[tuple[str, str]]]] = []
        cleared: dict[tuple[str, str], Ident] = {}
        for ident, fate in self.closure.fates.items():
            held, wanted = self._claims(ident, self.rules.old), self._claims(ident, self.rules.new)
            if fate is Fate.ALTER:
                nodes = self.alters.get(ident, [])
                for claim in held - wanted:
                    givers.setdefault(claim, []).append([node for node in nodes if node.action.early] or nodes)
                takers += [(node, wanted - held) for node in nodes if node.action.late]
                continue
            if fate in (Fate.DROP, Fate.REPLACE, Fate.RENEW):
                for claim in held:
                    givers.setdefault(claim, []).append(self.ending(ident))
                    cleared[claim] = ident
            takers += [(node, wanted) for node in self.creates.get(ident, [])[:1]]
        for ident, name in self.former.items():
            was = self.rules.old[ident].replace(ident=Ident(ident.kind, name, ident.owner))
            held = set(self.closure.kind(ident).claims(was))
            # What it will be called is held by itself, if it goes later: that is no reason to wait for anything.
            wanted = {claim for claim in self._claims(ident, self.rules.old) - held if cleared.get(claim) != ident}
            takers += [(node, wanted) for node in self.renames[ident][:1]]
            for claim in held - wanted:
                givers.setdefault(claim, []).append(self.renames[ident])
        for node, wanted in takers:
            for claim in sorted(wanted):
                for giving in givers.get(claim, ()):
                    if node not in giving and all(other.ident != node.ident for other in giving):
                        node.wait(giving)
                if claim in cleared:
                    node.wait(self._clearing(node.ident, cleared[claim]))

    def _claims(self, ident: Ident, side: Snapshot) -> set[tuple[str, str]]:
        obj = side.get(ident)
        return set() if obj is None else set(self.closure.kind(ident).claims(obj))

    # -- where things end and begin ------------------------------------------------------------------------------

    def ending(self, ident: Ident) -> Sequence[Node]:
        """The nodes with which the old object is gone; none if it stays."""
        for at in ident.lineage:
            if self.drops.get(at):
                return self.drops[at]
            if at in self.rebuilds:
                return self.rebuilds[at] if at == ident or self._within_rebuild(ident) else ()
        return ()

    def is_newborn(self, node: Node) -> bool:
        """Whether it is about a part of something that this plan makes, and about nothing else (`Action.reaches`): no
        row can stand in its way, and nobody waits for its locks.
        """
        top = node.ident.top
        return top != node.ident and not node.action.reaches and self._is_made(top)

    def _is_made(self, ident: Ident) -> bool:
        return self.closure.fates.get(ident) in (Fate.CREATE, Fate.REPLACE, Fate.RENEW)

    def _within_rebuild(self, ident: Ident) -> bool:
        return self.closure.kind(ident).inline or self.closure.fates.get(ident) is Fate.RENEW

    def beginning(self, ident: Ident) -> Sequence[Node]:
        """The nodes after which the new object is there; none if it is there already."""
        for at in ident.lineage:
            if self.creates.get(at):
                nodes = self.creates[at]
                return [node for node in nodes if not node.action.late] or nodes[:1]
            if at in self.rebuilds:
                return self.rebuilds[at]
        return ()

    def _absorbing(self, ident: Ident) -> Sequence[Node]:
        """The nodes of the owner that an inline child comes and goes with."""
        owner = ident.owner
        if owner is None or not self.closure.kind(ident).inline:
            return self.rebuilds.get(ident, ())
        return [*self.rebuilds.get(owner, ()), *self.creates.get(owner, ())[:1]]

    def _taken_along(self, ident: Ident) -> Sequence[Node]:
        """The drop of an owner that takes this one along."""
        owners = (at for at in ident.lineage if at != ident)
        return next((self.drops[at] for at in owners if at in self.drops), ())


def _position(ident: Ident, snapshot: Snapshot) -> int:
    """Where it stands among its owner's ordered children; 0 where there is no order."""
    if ident.owner is None:
        return 0
    names = snapshot.order.get(ident.owner, ())
    obj = snapshot.get(ident)
    return names.index(ident.name) if obj is not None and type(obj).in_order and ident.name in names else 0
