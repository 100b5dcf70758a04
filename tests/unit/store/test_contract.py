"""Both stores of ours keep the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from schema_sync.protocols import SnapshotStore
from schema_sync.store import create_store
from schema_sync.testing.memory import MemoryStore
from schema_sync.testing.store import StoreContract


class TestGitStore(StoreContract):
    """The store in a repository with a work tree."""

    def make_store(self, folder: Path, clock: Callable[[], float]) -> SnapshotStore:
        return create_store(folder, clock=clock)


class TestBareGitStore(StoreContract):
    """The store in a bare repository."""

    def make_store(self, folder: Path, clock: Callable[[], float]) -> SnapshotStore:
        return create_store(folder, bare=True, clock=clock)


class TestMemoryStore(StoreContract):
    """The twin in memory."""

    def make_store(self, folder: Path, clock: Callable[[], float]) -> SnapshotStore:
        return MemoryStore(clock=clock)
