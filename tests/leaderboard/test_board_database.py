"""The database: its migrations make the tables of the models, writers take turns, and a transaction is whole or not."""

from __future__ import annotations

import threading
from importlib import resources
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import accounts, database
from switch_bench.leaderboard.database import Database
from switch_bench.leaderboard.models import Account, Base, Submission, Token

pytestmark = pytest.mark.board


@pytest.fixture
def made(tmp_path: Path):
    database.migrate(tmp_path / "board.sqlite")
    opened = Database(tmp_path / "board.sqlite")
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_of_the_models(made: Database) -> None:
    with made.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing_and_keeps_what_is_there(made: Database) -> None:
    with made.writing() as session:
        accounts.add_token(session, "ada", "submitter", 1.0)
    database.migrate(made.path)
    with made.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the first version, with an account and two submissions, of which one is withdrawn."""
    path = tmp_path / "board.sqlite"
    command.upgrade(database._alembic(path), "0001")
    opened = Database(path)
    with opened.writing() as session:
        session.execute(text("INSERT INTO accounts VALUES (1, 'ada', 'submitter', 1.0)"))
        session.execute(text("INSERT INTO tokens VALUES (1, 1, 'a hash', 'sb_abcde', 1.0, NULL)"))
        for name, withdrawn in (("here", 0), ("gone", 1)):
            session.execute(
                text(
                    "INSERT INTO submissions (id, account_id, digest, size, created, status, withdrawn, key, signed,"
                    " run, reasons, card, policy, suite, protocol, track) VALUES (:id, 1, :id, 9, 2.0, 'self-reported',"
                    " :withdrawn, '', '', '', '[]', '', 'p', 'core', '', 't')"
                ),
                {"id": name, "withdrawn": withdrawn},
            )
        for at, what in ((3.0, "withdrawn"), (4.0, "shown again"), (5.0, "withdrawn")):
            row = (
                "INSERT INTO audit (at, who, what, target, source, detail) VALUES (:at, 'may', :what, 'gone', '', '{}')"
            )
            session.execute(text(row), {"at": at, "what": what})
    opened.close()
    return path


def test_what_was_withdrawn_in_the_first_version_a_maintainer_has_withdrawn(old: Path) -> None:
    database.migrate(old)
    opened = Database(old)
    opened.check()
    with opened.reading() as session:
        found = session.scalars(select(Submission).order_by(Submission.id))
        told = [(one.id, one.withdrawn, one.withdrawn_by, one.withdrawn_at) for one in found]
    opened.close()
    assert told == [("gone", True, "maintainer", 5.0), ("here", False, "", None)]


def test_tokens_of_the_first_version_stay_with_nothing_known_of_their_use(old: Path) -> None:
    database.migrate(old)
    opened = Database(old)
    with opened.reading() as session:
        [kept] = session.scalars(select(Token))
        assert (kept.hash, kept.label, kept.used, kept.revoked) == ("a hash", "", None, None)
    opened.close()


def test_a_database_can_be_taken_back_to_the_first_version(old: Path) -> None:
    database.migrate(old)
    command.downgrade(database._alembic(old), "0001")
    opened = Database(old)
    with opened.reading() as session:
        assert session.execute(text("SELECT id, withdrawn FROM submissions ORDER BY id")).all() == [
            ("gone", 1),
            ("here", 0),
        ]
    opened.close()
    database.migrate(old)


def test_a_database_of_another_version_is_refused_with_what_to_do(made: Database, tmp_path: Path) -> None:
    made.check()
    with made.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(InputError, match="at revision 0000") as refused:
        made.check()
    assert "leaderboard migrate" in refused.value.hint
    with pytest.raises(InputError, match="no board"):
        Database(tmp_path / "none.sqlite").check()


def test_the_migrations_are_shipped() -> None:
    steps = resources.files("switch_bench.leaderboard.migrations.versions")
    assert [p.name for p in steps.iterdir() if p.name.startswith("0001")] == ["0001_first.py"]


def test_a_transaction_that_fails_leaves_nothing(made: Database) -> None:
    def half() -> None:
        with made.writing() as session:
            accounts.add_token(session, "ada", "submitter", 1.0)
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        half()
    with made.reading() as session:
        assert session.scalar(select(func.count()).select_from(Token)) == 0


def test_writers_take_turns_and_readers_do_not_wait_for_them(made: Database) -> None:
    with made.writing() as session:
        accounts.add_token(session, "ada", "submitter", 1.0)
        session.flush()
        with made.reading() as other:
            assert other.scalar(select(func.count()).select_from(Account)) == 0, "what isn't committed isn't seen"
    waited = []

    def write(number: int) -> None:
        second = Database(made.path)  # as another process has it
        with second.writing() as session:
            before = session.scalar(select(func.count()).select_from(Account)) or 0
            accounts.add_token(session, f"name {number}", "submitter", 1.0)
            waited.append(before)
        second.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(waited) == list(range(1, 9)), "each saw what those before it had written"


def test_a_token_is_kept_as_its_hash_and_seen_once(made: Database) -> None:
    with made.writing() as session:
        secret = accounts.add_token(session, "ada", "submitter", 1.0)
        other = accounts.add_token(session, "ada", "submitter", 1.0)
    assert secret != other
    assert len(secret) >= 43, "256 bits"
    stored = made.path.read_bytes() + b"".join(p.read_bytes() for p in made.path.parent.glob("board.sqlite-wal"))
    assert secret.encode() not in stored
    with made.reading() as session:
        person = accounts.by_token(session, secret)
        assert person is not None
        assert (person.name, person.maintains) == ("ada", False)
        assert accounts.by_token(session, secret[:-1]) is None
        [kept] = session.scalars(select(Token.hash).where(Token.id == person.token))
        assert accounts.by_token(session, kept) is None, "the hash is no token"


def test_a_revoked_token_is_nobodys_and_the_accounts_others_stay(made: Database) -> None:
    with made.writing() as session:
        secret, other = (accounts.add_token(session, "ada", "submitter", 1.0) for _ in "ab")
        accounts.revoke(session, 1, 2.0)
    with made.reading() as session:
        assert accounts.by_token(session, secret) is None
        assert accounts.by_token(session, other) is not None


@pytest.mark.parametrize("name", ["", " ada", "a" * 65, "<script>", "ada\n", "ada/.."])
def test_names_are_plain(made: Database, name: str) -> None:
    with pytest.raises(InputError, match="can't be a name"), made.writing() as session:
        accounts.add_token(session, name, "submitter", 1.0)


@pytest.mark.parametrize("name", ["Ada Long", "ada-long", "AdaLong", "adal0ng", "ada 1ong", "ada long.", "adaiong"])
def test_a_name_that_looks_like_anothers_is_refused(made: Database, name: str) -> None:
    with made.writing() as session:
        accounts.add_token(session, "ada long", "submitter", 1.0)
    with pytest.raises(InputError, match=r"can't be a name|looks like 'ada long'"), made.writing() as session:
        accounts.add_token(session, name, "submitter", 1.0)


def test_names_that_are_plainly_others_are_taken(made: Database) -> None:
    for name in ("ada", "ade", "lab 1", "lab 2", "morn", "mom 3"):
        with made.writing() as session:
            accounts.add_token(session, name, "submitter", 1.0)


def test_an_account_keeps_its_role(made: Database) -> None:
    with made.writing() as session:
        accounts.add_token(session, "ada", "submitter", 1.0)
    with pytest.raises(InputError, match="ada is a submitter"), made.writing() as session:
        accounts.add_token(session, "ada", "maintainer", 1.0)
