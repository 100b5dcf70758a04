"""One graph, one stable sort."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from schema_sync.plan.graph import Node


def order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes so that each comes after what it waits for; by rank where that leaves a choice.

    Deterministic whatever the order of the input. Preferences are given up, all those among the nodes that are left,
    when nothing else can go on.

    Raises:
        RuntimeError: nodes wait for each other in a circle. At this grain that is a bug in a rule.
    """
    waits = {node: set(node.waits) | set(node.prefers) for node in nodes}
    done: list[Node] = []
    while waits:
        before = len(done)
        done += _run(waits)
        if not waits:
            break
        left = set(waits)
        for node in left:
            waits[node] = {other for other in node.waits if other in left}
        ready = [node for node in left if not waits[node]]
        if not ready and len(done) == before:
            circle = ", ".join(f"{node.word} {node.ident.text}" for node in sorted(left, key=lambda node: node.rank))
            raise RuntimeError(f"these steps wait for each other: {circle}")
        if ready:
            first = min(ready, key=lambda node: node.rank)
            done.append(first)
            del waits[first]
            for node in waits:
                waits[node] = {other for other in {*node.waits, *node.prefers} if other in waits}
    return done


def _run(waits: dict[Node, set[Node]]) -> list[Node]:
    """Take out all that can go, in order."""
    followers: dict[Node, list[Node]] = {}
    for node, others in waits.items():
        for other in others:
            followers.setdefault(other, []).append(node)
    heap = [(node.rank, id(node), node) for node, others in waits.items() if not others]
    heapq.heapify(heap)
    done = []
    while heap:
        _, _, node = heapq.heappop(heap)
        done.append(node)
        del waits[node]
        for follower in followers.get(node, ()):
            waits[follower].discard(node)
            if not waits[follower]:
                heapq.heappush(heap, (follower.rank, id(follower), follower))
    return done
