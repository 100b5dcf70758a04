"""A few steps of the generative run, always the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schema_sync.adapters.postgres.objects import VOCABULARY
from tests.generative.draw import Drawer
from tests.generative.ground import Ground
from tests.generative.judge import Failed, judge
from tests.generative.recipes import RECIPES
from tests.generative.reduce import reduced
from tests.servers import Installation, PostgresServer, client_binary

PAIRS = 10
"""How many pairs of schemas; each is gone both ways, which takes a second."""


@pytest.fixture(scope="module")
def ground(postgres_server: PostgresServer, postgres_installations: list[Installation]) -> Iterator[Ground]:
    """Where the steps are taken."""
    dumps: Path | None = client_binary("pg_dump", postgres_server.major, postgres_installations)
    assert dumps is not None, f"no pg_dump for PostgreSQL {postgres_server.installation}"
    with closing(Ground(postgres_server, dumps)) as ground:
        yield ground


# A failing pair is made smaller by what a schema is made of, which is faster and goes further than by what was drawn.
@settings(
    max_examples=PAIRS,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(random=st.randoms(use_true_random=False), focus=st.sampled_from(sorted(RECIPES)), rows=st.booleans())
def test_a_random_schema_becomes_another_and_comes_back(
    ground: Ground, random: Random, focus: str, *, rows: bool
) -> None:
    old, new = Drawer(random, RECIPES).pair([RECIPES[focus]], further=4, changes=3)
    try:
        judge(ground, old, new, rows=rows)
    except Failed as failed:
        raise reduced(ground, old, new, rows, failed) from None


def test_every_kind_has_a_recipe() -> None:
    assert {recipe.kind for recipe in RECIPES.values()} == {*VOCABULARY}
