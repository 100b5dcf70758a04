"""One graph, one stable sort."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from schema_sync.errors import Unordered
from schema_sync.plan.graph import Node, Rank

_Heap = list[tuple[Rank, int, Node]]


def order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes so that each comes after what it waits for; by rank where that leaves a choice.

    Deterministic whatever the order of the input. Where nothing else can go on, the first node that only prefers to
    wait goes.

    Raises:
        Unordered: nodes wait for each other in a circle. At this grain that is a bug in a rule.
    """
    left = set(nodes)
    waits = {node: len(node.waits & left) for node in nodes}
    prefers = {node: len((node.prefers - node.waits) & left) for node in nodes}
    followers: dict[Node, list[tuple[Node, dict[Node, int]]]] = {node: [] for node in nodes}
    for node in nodes:
        for other in node.waits & left:
            followers[other].append((node, waits))
        for other in (node.prefers - node.waits) & left:
            followers[other].append((node, prefers))
    able: _Heap = [(node.rank, id(node), node) for node in nodes if not waits[node]]
    free: _Heap = [each for each in able if not prefers[each[2]]]
    heapq.heapify(able)
    heapq.heapify(free)
    done = []
    while left:
        first = _first(free, left) or _first(able, left)
        if first is None:
            raise Unordered([f"{node.word} {node.ident.text}" for node in _circle(left)])
        done.append(first)
        left.remove(first)
        for follower, counts in followers[first]:
            counts[follower] -= 1
            if not waits[follower]:
                if counts is waits:
                    heapq.heappush(able, (follower.rank, id(follower), follower))
                if not prefers[follower]:
                    heapq.heappush(free, (follower.rank, id(follower), follower))
    return done


def _circle(left: set[Node]) -> list[Node]:
    """Nodes of which each waits for the next one, and the last for the first. All that are left wait for others."""
    trail = [min(left, key=_rank)]
    while True:
        ahead = min(trail[-1].waits & left, key=_rank)
        if ahead in trail:
            return trail[trail.index(ahead) :]
        trail.append(ahead)


def _rank(node: Node) -> Rank:
    return node.rank


def _first(heap: _Heap, left: set[Node]) -> Node | None:
    """Take out the node of the lowest rank that is not done yet."""
    while heap:
        node = heapq.heappop(heap)[2]
        if node in left:
            return node
    return None
