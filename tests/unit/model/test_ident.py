"""Identities: both written forms come back, and file names are safe on every disk."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schema_sync.model.ident import Ident, dec, enc, parse_ident, plural
from schema_sync.model.objects import plurals
from tests.unit.model.strategies import NAMES, VOCABULARIES

LONG = st.one_of(NAMES, st.text(st.characters(exclude_categories=["Cs"]), min_size=40, max_size=260))
KINDS = sorted({kind for vocabulary in VOCABULARIES.values() for kind in vocabulary})
DEVICES = {"con", "prn", "aux", "nul", "clock$", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}

IDENTS = st.lists(st.tuples(st.sampled_from(KINDS), NAMES), min_size=1, max_size=3).map(
    lambda steps: _ident(steps),
)


def _ident(steps: list[tuple[str, str]]) -> Ident:
    ident: Ident | None = None
    for kind, name in steps:
        ident = Ident(kind, name, ident)
    assert ident is not None
    return ident


@given(IDENTS)
def test_the_text_of_an_identity_is_read_back(ident: Ident) -> None:
    assert parse_ident(ident.text, plurals(KINDS)) == ident


@given(IDENTS, IDENTS)
def test_two_identities_never_have_one_text(one: Ident, other: Ident) -> None:
    assert (one.text == other.text) == (one == other)


@given(st.lists(IDENTS, unique=True))
def test_identities_have_an_order_also_at_different_depths(idents: list[Ident]) -> None:
    orphans = [Ident(each.kind, each.name) for each in idents]
    ordered = sorted({*idents, *orphans})
    assert ordered == sorted({*orphans, *reversed(idents)})
    assert [(each.kind, each.name) for each in ordered] == sorted((each.kind, each.name) for each in ordered)


NAMESAKES = st.lists(st.tuples(st.sampled_from(KINDS[:2]), st.sampled_from("ab")), min_size=1, max_size=3).map(_ident)


@given(st.permutations([*map(_ident, [[("a", "x")], [("b", "o"), ("a", "x")], [("b", "p"), ("a", "x")]])]))
def test_namesakes_are_in_one_order_whoever_owns_them(idents: list[Ident]) -> None:
    assert [ident.text for ident in sorted(idents)] == ["as/x", "bs/o/as/x", "bs/p/as/x"]


@given(NAMESAKES, NAMESAKES)
def test_of_two_identities_one_comes_first_unless_they_are_equal(one: Ident, other: Ident) -> None:
    assert [one < other, one == other, one > other].count(True) == 1
    assert (one <= other, one >= other) == (one < other or one == other, one > other or one == other)


@given(LONG)
def test_a_file_name_that_was_not_shortened_is_read_back(name: str) -> None:
    encoded = enc(name)
    assert len(encoded) <= 180
    if ".." not in encoded:
        assert dec(encoded) == name


@given(LONG, LONG)
def test_two_names_never_share_a_file_even_where_case_means_nothing(one: str, other: str) -> None:
    assume(one != other)
    assert enc(one).casefold() != enc(other).casefold()


@given(st.sampled_from(sorted(DEVICES)), st.sampled_from(["", ".txt", ".a.b"]), st.booleans())
def test_no_file_is_called_like_a_device(device: str, rest: str, is_upper: bool) -> None:
    name = device.upper() if is_upper else device
    encoded = enc(name + rest)
    assert encoded.split(".")[0].lower() not in DEVICES
    assert dec(encoded) == name + rest


@given(LONG)
def test_a_file_name_is_plain(name: str) -> None:
    encoded = enc(name)
    assert encoded
    assert set(encoded) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-(),%.")
    assert not encoded.startswith(".")
    assert not encoded.endswith(".")


@given(st.integers(181, 400), st.sampled_from(["x", "é", "/"]))
def test_long_names_that_differ_only_at_the_end_have_their_own_files(length: int, char: str) -> None:
    assert enc(char * length + "a") != enc(char * length + "b")


@pytest.mark.parametrize("text", ["", "tables", "tables/", "/orders", "tables/a/b", "table/a", "tables//columns/x"])
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"form|kind"):
        parse_ident(text, plurals(KINDS))


@pytest.mark.parametrize("name", ["%2", "a%", "%zz", "%  ", "% 1", "a%\n1"])
def test_a_broken_escape_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"%|hex"):
        dec(name)


def test_no_two_kinds_of_a_dialect_share_a_plural() -> None:
    for vocabulary in VOCABULARIES.values():
        assert len({plural(kind) for kind in vocabulary}) == len(vocabulary)


@given(IDENTS)
def test_a_lineage_goes_from_the_object_to_the_top_level_one(ident: Ident) -> None:
    line = list(ident.lineage)
    assert (line[0], line[-1]) == (ident, ident.top)
    assert [at.owner for at in line] == [*line[1:], None]
    assert all(ident.within(at) for at in line)
