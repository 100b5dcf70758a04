"""The golden files: what the tool writes for the demo's two versions, kept in `snapshots/`.

`python -m tests.golden` writes them anew. A change of them is a change of what every user's store holds: it has to be
meant, and it shows in review.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from schema_sync.adapters.sqlite import SQLiteAdapter

FOLDER = Path(__file__).parents[1] / "snapshots"

VERSIONS: Mapping[str, tuple[str, ...]] = {"v1": ("v1",), "v2": ("v1", "v2")}
"""A version of the demo -> the scripts that lead to it."""


async def written(version: str) -> Mapping[str, bytes]:
    """The files of one version of the demo on SQLite, as the tool writes them."""
    scripts = resources.files("schema_sync.cli.demo") / "sqlite"
    adapter = SQLiteAdapter("sqlite::memory:")
    try:
        texts = [(scripts / f"{name}.sql").read_text(encoding="utf-8") for name in VERSIONS[version]]
        return (await adapter.elaborate(texts)).files
    finally:
        await adapter.close()


def kept(version: str) -> dict[str, bytes]:
    """The files of one version as they are kept."""
    folder = FOLDER / "sqlite" / version
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def write() -> None:
    """Write all of them anew."""
    for version in VERSIONS:
        folder = FOLDER / "sqlite" / version
        shutil.rmtree(folder, ignore_errors=True)
        for path, data in asyncio.run(written(version)).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


if __name__ == "__main__":
    write()
