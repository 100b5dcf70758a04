"""The configuration: what loads, what is refused, and in which words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from schema_sync.config import Config, find_file, parse_duration, redact
from schema_sync.errors import ConfigError
from schema_sync.model.plan import Hazard

CONTRACT = """\
ignore = ["tables/alembic_version", "tables/django_migrations"]   # also per database; patterns of object paths

[store]
path = "snapshots"            # Git repository, made by `init`
kind = "git"                  # or "directory", "database"
branch = "main"

[[database]]
name = "eu1"                  # a tenant's full name is eu1/acme; a unique one needs no prefix
url = "postgresql://app@db1/app"          # or "mysql://…", "sqlite:tenants/*.db" (a glob: one file, one tenant)
tenants = { schemas = ["tenant_*"], exclude = ["tenant_template"] }    # or { query = "SELECT schema_name FROM public.customers" } or { list = […] }
shared = ["public"]           # schemas that a tenant may refer to; anything else outside the tenant is an isolation error
release = "v1.2"              # the version this database's tenants should be at (default: the branch)

[apply]
jobs = 8
lock_timeout = "2s"
statement_timeout = "0"
retries = 5
max_failures = 1
canary = 1
allow = []                    # stopping hazards that need not be asked about
stop_on = []                  # shown-only hazards that should stop
migrations = "diff"           # "sql" | "python" | "command"

[postgres]
scratch_url = ""              # a database server for scratch databases; default: the same server
owners = "ignore"             # or "compare"
roles = { app = "{tenant}_app" }
online = "off"                # "on" | "auto"
set_role = "owner"            # when the login is a superuser; "none" to keep it

[sqlite]
init = ""                     # "module:function" registers the application's collations and functions
"""  # noqa: E501


def written(folder: Path, text: str) -> Path:
    file = folder / "schema-sync.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(folder: Path, text: str, **environment: str) -> ConfigError:
    file = written(folder, text)
    with pytest.raises(ConfigError) as caught:
        Config.load(file, environment)
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 2
    assert caught.value.message.startswith(str(file))
    caught.value.args = (caught.value.message.removeprefix(str(file)).lstrip(":, "),)
    return caught.value


def test_the_block_of_the_contract_loads_as_it_stands(tmp_path: Path) -> None:
    config = Config.load(written(tmp_path, CONTRACT), {})
    assert config.ignore == ("tables/alembic_version", "tables/django_migrations")
    assert config.store.path == tmp_path / "snapshots"
    assert config.store.branch == "main"
    (database,) = config.databases
    assert (database.name, database.scheme, database.release) == ("eu1", "postgresql", "v1.2")
    assert database.tenants.schemas == ("tenant_*",)
    assert database.tenants.exclude == ("tenant_template",)
    assert database.shared == ("public",)
    assert config.apply.lock_timeout == timedelta(seconds=2)
    assert config.apply.statement_timeout == timedelta(0)
    assert config.postgres.roles == {"app": "{tenant}_app"}
    assert config.sqlite.init == ""


def test_what_the_block_of_the_contract_says_is_what_holds_without_it(tmp_path: Path) -> None:
    written_out = Config.load(written(tmp_path, CONTRACT), {})
    config = Config.load(written(tmp_path, '[[database]]\nname = "eu1"\nurl = "postgresql://app@db1/app"\n'), {})
    assert config.apply == written_out.apply
    assert config.store == written_out.store
    assert config.sqlite == written_out.sqlite


def test_a_file_is_found_upwards(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_file(deep) == file
    assert Config.find(deep, {}) == Config.load(file, {})


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    written(tmp_path, '[store]\npath = "../versions"\n[[database]]\nurl = "sqlite:tenants/*.db"\n')
    monkeypatch.chdir(elsewhere)
    config = Config.find(Path(), {})
    assert config.store.path == tmp_path / "../versions"
    assert config.databases[0].url == f"sqlite:{tmp_path}/tenants/*.db"


@pytest.mark.parametrize(
    "url", ["sqlite:/var/tenants/*.db", "sqlite::memory:", "postgresql://app@db1/app?sslmode=require"]
)
def test_what_is_no_relative_path_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert Config.load(written(tmp_path, f'[[database]]\nurl = "{url}"\n'), {}).databases[0].url == url


def test_variables_expand_from_the_environment_that_is_handed_in(tmp_path: Path) -> None:
    file = written(tmp_path, '[[database]]\nname = "${STAGE}1"\nurl = "postgresql://app:${PW}@db/app"\n')
    (database,) = Config.load(file, {"STAGE": "eu", "PW": "s3cret"}).databases
    assert database.name == "eu1"
    assert database.url == "postgresql://app:s3cret@db/app"
    assert "s3cret" not in repr(database)


def test_a_missing_variable_is_named_with_its_place(tmp_path: Path) -> None:
    error = refusal(tmp_path, '[[database]]\nname = "eu1"\nurl = "postgresql://app:${PW}@db/app"\n')
    assert error.message == "[[database]] eu1: url needs the environment variable PW, which is not set"
    assert error.hint == "set PW, or write the value into the file"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[aply]\n", "the top level has no key 'aply'", "did you mean apply?"),
        ('[apply]\nlock_timout = "2s"\n', "[apply] has no key 'lock_timout'", "did you mean lock_timeout?"),
        (
            '[[database]]\nurl = "x:y"\nrelase = "v1"\n',
            "[[database]] number 1 has no key 'relase'",
            "did you mean release?",
        ),
        (
            '[[database]]\nname = "eu1"\nurl = "x:y"\ntenants = { schema = ["t_*"] }\n',
            "[[database]] eu1: tenants has no key 'schema'",
            "did you mean schemas?",
        ),
        ("[sqlite]\ncolour = 1\n", "[sqlite] has no key 'colour'", "known are init"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_and_its_place(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    error = refusal(tmp_path, text)
    assert error.message == message
    assert error.hint == hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[apply]\njobs = "many"\n', "[apply] jobs: expected int, got str"),
        ("[apply]\njobs = 0\n", "[apply] jobs: expected int >= 1"),
        (
            '[apply]\nlock_timeout = "soon"\n',
            "[apply] lock_timeout: 'soon' is no duration: write it like 500ms, 2s, 5min or 1h",
        ),
        ('[apply]\nallow = ["delete_data"]\n', "[apply] allow cannot be 'delete_data'"),
        ('[store]\nkind = "svn"\n', "[store] kind cannot be 'svn'"),
        ("[store]\npath = 3\n", "[store] path: expected str, got int"),
        ("apply = 3\n", "apply: expected object, got int"),
        ("[database]\nurl = 'x:y'\n", "[database]: expected array, got object"),
        ('[[database]]\nname = "eu1"\n', "[[database]] eu1 needs the key url"),
        ('[[database]]\nurl = "nowhere"\n', "'nowhere' does not say which kind of database it is"),
        ('[[database]]\nname = "a/b"\nurl = "x:y"\n', "a database cannot be called 'a/b'"),
        ('[[database]]\nurl = "x:y"\n[[database]]\nurl = "x:z"\n', "two databases are called 'main'"),
        (
            '[[database]]\nurl = "x:y"\ntenants = { query = "SELECT 1", list = ["a"] }\n',
            "[[database]] main: tenants takes one of schemas, query and list, not several",
        ),
    ],
)
def test_a_wrong_value_is_one_line_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text).message == message


def test_malformed_toml_says_file_line_and_what(tmp_path: Path) -> None:
    error = refusal(tmp_path, '[store]\npath = "a"\nbranch = \n')
    assert error.message == "line 3: this is not TOML: Invalid value"
    error = refusal(tmp_path, '[store]\npath = "a')
    assert error.message.startswith("line 2: this is not TOML: ")


def test_a_missing_file_and_no_file_at_all_say_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no configuration .*none\.toml") as first:
        Config.load(tmp_path / "none.toml", {})
    with pytest.raises(ConfigError, match=r"there is no schema-sync\.toml in .* or above it") as second:
        Config.find(tmp_path, {})
    for caught in (first, second):
        assert caught.value.hint == "`schema-sync init` writes one, or give --url and --store"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "schema-sync.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        Config.load(file, {})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        Config.load(tmp_path, {})


def test_a_url_alone_makes_a_configuration(tmp_path: Path) -> None:
    config = Config.from_url("sqlite:tenants/*.db", "versions", folder=tmp_path)
    assert config.store.path == tmp_path / "versions"
    assert [(each.name, each.url) for each in config.databases] == [("main", f"sqlite:{tmp_path}/tenants/*.db")]
    with pytest.raises(ConfigError, match="does not say which kind of database it is"):
        Config.from_url("tenants/acme.db")


def test_ignore_patterns_of_a_database_join_the_common_ones(tmp_path: Path) -> None:
    text = 'ignore = ["tables/a"]\n[[database]]\nname = "eu1"\nurl = "x:y"\nignore = ["tables/b*"]\n'
    config = Config.load(written(tmp_path, text), {})
    assert config.ignored("eu1") == ("tables/a", "tables/b*")
    assert config.ignored("us1") == ("tables/a",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", timedelta(0)),
        ("250", timedelta(milliseconds=250)),
        ("500ms", timedelta(milliseconds=500)),
        ("1.5s", timedelta(seconds=1.5)),
        ("5min", timedelta(minutes=5)),
        ("1 h", timedelta(hours=1)),
        ("2d", timedelta(days=2)),
    ],
)
def test_durations_are_read_as_postgresql_reads_them(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "s", "-1s", "2 weeks", "1e3"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://app:s3cret@db1/app", "postgresql://app:***@db1/app"),
        ("postgresql://app:p@ss/w?rd@db1/app", "postgresql://app:***@db1/app"),
        ("postgresql://:s3cret@db1/app", "postgresql://:***@db1/app"),
        (
            "postgresql://app@db1/app?password=s3cret&sslmode=require",
            "postgresql://app@db1/app?password=***&sslmode=require",
        ),
        ("host=db1 password='s3 cret' user=app", "host=db1 password=*** user=app"),
        ("connecting to mysql://root:s3cret@db2/ failed", "connecting to mysql://root:***@db2/ failed"),
        ("postgresql://app@db1/app", "postgresql://app@db1/app"),
        ("sqlite:tenants/*.db", "sqlite:tenants/*.db"),
        ("postgresql://db1:5432/app", "postgresql://db1:5432/app"),
    ],
)
def test_a_password_is_never_shown(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_hazards_are_read_as_hazards(tmp_path: Path) -> None:
    config = Config.load(written(tmp_path, '[apply]\nallow = ["deletes_data"]\nstop_on = ["may_fail"]\n'), {})
    assert config.apply.allow == (Hazard.DELETES_DATA,)
    assert config.apply.stop_on == (Hazard.MAY_FAIL,)


@pytest.mark.parametrize(
    ("written_out", "read"), [('"1GB"', 1 << 30), ('"1.5 mb"', 1572864), ('"0"', 0), ("8192", 8192), ('"64kB"', 65536)]
)
def test_a_size_is_read_as_postgresql_reads_it(tmp_path: Path, written_out: str, read: int) -> None:
    file = written(tmp_path, f'[postgres]\nonline = "auto"\nonline_above = {written_out}\n')
    assert Config.load(file, {}).postgres.online_above == read


@pytest.mark.parametrize("wrong", ['"big"', '"-1"', "-1", "true", '"1XB"', "1.5"])
def test_what_is_no_size_is_refused_with_how_one_is_written(tmp_path: Path, wrong: str) -> None:
    error = refusal(tmp_path, f"[postgres]\nonline_above = {wrong}\n")
    assert error.message.startswith("[postgres] online_above: ")
    assert "100MB" in error.message


def test_what_online_can_be_is_said(tmp_path: Path) -> None:
    assert "'always'" in refusal(tmp_path, '[postgres]\nonline = "always"\n').message
