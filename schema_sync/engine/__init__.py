"""The use cases: capture, compare, plan, converge, commit. Async; the only layer that sees all of the others."""

from schema_sync.engine.engine import Engine
from schema_sync.engine.groups import Group
from schema_sync.engine.versions import Commit

__all__ = ["Commit", "Engine", "Group"]
