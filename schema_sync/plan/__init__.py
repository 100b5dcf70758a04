"""Two snapshots and an engine's rules -> an ordered plan. Pure and deterministic; names no kind."""

from schema_sync.plan.planner import RulePlanner as Planner

__all__ = ["Planner"]
