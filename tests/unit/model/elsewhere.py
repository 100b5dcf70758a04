"""Another process: reads snapshots' files, puts everything together in another order, and writes the files anew.

`python -m tests.unit.model.elsewhere SEED` reads a JSON list of `{path: text}` and prints the same.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable
from typing import TypeVar

from schema_sync.model.codec import MANIFEST
from schema_sync.model.snapshot import Snapshot
from tests.unit.model.strategies import VOCABULARIES

T = TypeVar("T")


def again(files: dict[str, str], chance: random.Random) -> dict[str, str]:
    """The same snapshot, made in another order."""

    def shuffled(those: Iterable[T]) -> list[T]:
        listed = list(those)
        chance.shuffle(listed)
        return listed

    dialect = json.loads(files[MANIFEST])["dialect"]
    given = {path: text.encode() for path, text in shuffled(files.items())}
    read = Snapshot.from_files(given, VOCABULARIES[dialect])

    def made(read: Snapshot) -> Snapshot:
        return Snapshot(
            dialect,
            shuffled(read),
            spelling=read.spelling,
            needs={ident: set(shuffled(wanted)) for ident, wanted in shuffled(read.needs.items())},
            order=dict(shuffled(read.order.items())),
            shared=shuffled(read.shared),
            places=dict(shuffled(read.places.items())),
            furniture={name: made(schema) for name, schema in shuffled(read.furniture.items())},
            unmodelled=shuffled(read.unmodelled),
        )

    return {path: data.decode() for path, data in made(read).files.items()}


if __name__ == "__main__":
    chance = random.Random(sys.argv[1])
    json.dump([again(files, chance) for files in json.load(sys.stdin)], sys.stdout)
