"""Ordered nodes -> statements; what the syntax lets share a statement, and what may, does. Cosmetic, and last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from schema_sync.adapters.kind import Fold
from schema_sync.adapters.sql import Sql, join
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard, Part, Probe, Statement
from schema_sync.plan.graph import Graph
from schema_sync.plan.node import Node

_HARMLESS_WHEN_NEW = frozenset(
    {Hazard.REWRITES_TABLE, Hazard.BRIEF_LOCK, Hazard.BLOCKS_WRITES, Hazard.BLOCKS_READS, Hazard.MAY_FAIL}
)
_BLOCKING = frozenset({Hazard.REWRITES_TABLE, Hazard.BLOCKS_READS, Hazard.BLOCKS_WRITES})

_LONG = frozenset({Hazard.REWRITES_TABLE, Hazard.BLOCKS_WRITES, Hazard.BLOCKS_READS})
"""What a lock that is held for long is called; it is not brief besides."""


@dataclass
class _Slot:
    """One statement in the making."""

    nodes: list[Node]
    fold: Fold | None = None
    clauses: list[Sql] = field(default_factory=list)


def fold(nodes: Sequence[Node], graph: Graph, unversioned: Collection[Ident] = (), quote: str = '"') -> list[Statement]:
    """The statements, in the order of the nodes, each node joined to an earlier one where it can be."""
    slots: list[_Slot] = []
    at: dict[Node, int] = {}
    opened: dict[str, int] = {}
    for node in nodes:
        place = _place(node, slots, at, opened)
        if place is None:
            place = len(slots)
            slots.append(_Slot([node]))
            if node.action.apart is None:
                opened |= {each.into: place for each in node.action.folds if each.head}
        at[node] = place
    for slot in slots:
        _arrange(slot)
    lost = _lost(graph, unversioned)
    return [
        _statement(slot, segment, graph, lost, quote) for slot, segment in zip(slots, _segments(slots), strict=True)
    ]


def _segments(slots: Iterable[_Slot]) -> Iterator[int]:
    """The transaction of each: what stands apart has one to itself, and what is in between shares one."""
    segment, is_shared = -1, False
    for slot in slots:
        shares = slot.nodes[0].action.apart is None
        segment += not (shares and is_shared)
        is_shared = shares
        yield segment


def _in_order(hazards: Collection[Hazard]) -> tuple[Hazard, ...]:
    return tuple(hazard for hazard in Hazard if hazard in hazards)


def _place(node: Node, slots: list[_Slot], at: dict[Node, int], opened: dict[str, int]) -> int | None:
    """The slot that the node joins, if there is one."""
    if node.action.apart is not None:
        return None
    for each in node.action.folds:
        place = opened.get(each.into)
        if place is None or each.clause is None or any(at.get(other, -1) > place for other in node.waits):
            continue
        slot = slots[place]
        first = slot.nodes[0]
        own = next(other for other in first.action.folds if other.into == each.into)
        if own.clause is not None and (first.action.lock != node.action.lock or first.word != node.word):
            continue
        if slot.fold is not None and slot.fold.into != each.into:
            continue
        if slot.fold is None:
            slot.fold = own
            slot.clauses = [] if own.clause is None else [own.clause]
        slot.nodes.append(node)
        slot.clauses.append(each.clause)
        return place
    return None


def _arrange(slot: _Slot) -> None:
    """Put what one statement makes at once into its own order, whatever needs what."""
    if slot.fold is not None and slot.fold.clause is None:
        opener, *joined = slot.nodes
        pairs = sorted(zip(joined, slot.clauses, strict=True), key=lambda pair: pair[0].place)
        slot.nodes = [opener, *(node for node, _ in pairs)]
        slot.clauses = [clause for _, clause in pairs]


def _lost(graph: Graph, unversioned: Collection[Ident]) -> dict[Node, list[Ident]]:
    """The nodes with which objects go that no version ever held."""
    lost: dict[Node, list[Ident]] = {}
    for ident in sorted(unversioned):
        for node in list(graph.ending(ident))[-1:]:
            lost.setdefault(node, []).append(ident)
    return lost


def _statement(slot: _Slot, segment: int, graph: Graph, lost: dict[Node, list[Ident]], quote: str) -> Statement:
    first = slot.nodes[0]
    action = first.action
    text = action.sql
    if slot.fold is not None:
        text = Sql((*slot.fold.head.pieces, *join(", ", slot.clauses).pieces, *slot.fold.tail.pieces))
    opens = slot.fold is not None and slot.fold.clause is None
    hazards: set[Hazard] = set()
    for node in slot.nodes[:1] if opens else slot.nodes:
        hazards |= node.action.hazards - (_HARMLESS_WHEN_NEW if graph.is_newborn(node) else frozenset())
    lock = None if graph.is_newborn(first) and first.word == "create" else action.lock
    if segment or not action.in_transaction:
        hazards.add(Hazard.NOT_ATOMIC)
    if hazards & _LONG:
        hazards.discard(Hazard.BRIEF_LOCK)
    elif lock in graph.closure.kind(first.ident).blocking:
        hazards.add(Hazard.BRIEF_LOCK)
    notes = [node.action.note for node in slot.nodes if node.action.note is not None]
    if hazards & _BLOCKING and graph.rules.is_online(first.ident):
        notes.append(f"users of {first.ident.top.text} have to wait: no steps are known that would spare them this")
    gone = [ident for node in slot.nodes for ident in lost.get(node, ())]
    if gone:
        hazards.add(Hazard.DROPS_UNVERSIONED)
        notes.append(f"{', '.join(ident.text for ident in gone)} is in no version of this tenant: it is lost for good")
    idents = list(dict.fromkeys(node.ident for node in slot.nodes))
    touched = (ident for node in slot.nodes for ident in node.action.along | node.action.completes)
    carried = {ident.text for ident in touched if ident not in idents}
    object_ = idents[0] if len(idents) == 1 or opens or idents[0].owner is None else idents[0].owner
    return Statement(
        sql=text.text(quote),
        object=object_.text,
        parts=tuple(dict.fromkeys(Part(node.word, node.ident.text) for node in slot.nodes)),
        carries=tuple(sorted(carried)),
        hazards=_in_order(hazards),
        lock=lock,
        in_transaction=action.in_transaction,
        segment=segment,
        builds=action.builds,
        sweep=None if action.sweep is None else action.sweep.text(quote),
        note="; ".join(dict.fromkeys(notes)) or None,
        probes=tuple(
            Probe(question.sql.text(quote), question.finding)
            for node in slot.nodes
            for question in node.action.questions
            if not any(at in graph.renames for ident in question.about for at in ident.lineage)
        ),
    )
