"""One graph, one stable sort."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from schema_sync.errors import Unordered
from schema_sync.plan.node import Node, Rank

_Heap = list[tuple[Rank, int, Node]]


def order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes so that each comes after what it waits for; by rank where that leaves a choice.

    Deterministic whatever the order of the input. Where nothing else can go on, the first node that only prefers to
    wait goes, of those that stand in a circle which nothing outside of it holds up.

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
    free: _Heap = [(node.rank, id(node), node) for node in nodes if not waits[node] and not prefers[node]]
    heapq.heapify(free)
    ranked = sorted(nodes, key=_rank, reverse=True)
    done = []
    while left:
        first = _first(free, left)
        if first is None:
            while ranked[-1] not in left:
                ranked.pop()
            tangled = _tangled(ranked[-1], left)
            first = min((node for node in tangled if not waits[node]), key=_rank, default=None)
        if first is None:
            raise Unordered([f"{node.word} {node.ident.text}" for node in _circle(tangled)])
        done.append(first)
        left.remove(first)
        for follower, counts in followers[first]:
            counts[follower] -= 1
            if not waits[follower] and not prefers[follower]:
                heapq.heappush(free, (follower.rank, id(follower), follower))
    return done


def _tangled(start: Node, left: set[Node]) -> set[Node]:
    """Nodes that wait for each other, be it only by preference, and for no others of those that are left.

    It is the first component that Tarjan's algorithm completes, from a node on.
    """
    index, low = {start: 0}, {start: 0}
    stack, trail = [start], [(start, _ahead(start, left))]
    while True:
        node, ahead = trail[-1]
        following = next(ahead, None)
        if following is None:
            if low[node] == index[node]:
                return set(stack[stack.index(node) :])
            trail.pop()
            low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
        elif following not in index:
            index[following] = low[following] = len(index)
            stack.append(following)
            trail.append((following, _ahead(following, left)))
        else:
            low[node] = min(low[node], index[following])


def _ahead(node: Node, left: set[Node]) -> Iterator[Node]:
    return iter(sorted((node.waits | node.prefers) & left, key=_rank))


def _circle(left: set[Node]) -> list[Node]:
    """Nodes of which each waits for the next one, and the last for the first. All that are left wait for such."""
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
