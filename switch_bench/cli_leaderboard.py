"""The commands `switch-bench leaderboard …`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Run a leaderboard.", no_args_is_help=True, rich_markup_mode=None)
tokens = typer.Typer(help="Tokens of those who submit and maintain.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(tokens, name="token")

Data = Annotated[Path, typer.Option(help="The board's folder.")]
DATA = Path("board")
Command = Annotated[
    str, typer.Option(help="What verifies an archive, with {file} and {out}; else switch-bench submit verify.")
]
VerifyS = Annotated[float, typer.Option(min=1, help="Seconds that one verification may take.")]
LeaseS = Annotated[float, typer.Option(min=0.2, help="Seconds after which an unheard-of worker loses its work.")]
Films = Annotated[bool, typer.Option(help="Make a film of the first episode of each task.")]


def register(main: typer.Typer) -> None:
    """Add these commands to the program's."""
    main.add_typer(app, name="leaderboard")


@app.callback()
def leaderboard() -> None:
    """Run a leaderboard."""


@app.command()
def serve(
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="Where to listen; only this machine, if not given.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any that is free.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers-of-verification", min=0, help="Processes that verify; 0: none here.")
    ] = 1,
    base: Annotated[str, typer.Option(help="What addresses begin with behind a proxy, such as /board.")] = "",
    proxies: Annotated[int, typer.Option(min=0, help="Proxies before this whose X-Forwarded-For counts.")] = 0,
    secure: Annotated[
        bool | None, typer.Option("--secure/--insecure", help="Cookies by HTTPS only; by default unless on loopback.")
    ] = None,
    requests_a_minute: Annotated[int, typer.Option(min=1, help="Of one token, and of one address.")] = 600,
    uploads_an_hour: Annotated[int, typer.Option(min=1, help="Of one account.")] = 30,
    waiting: Annotated[int, typer.Option(min=1, help="Submissions of an account that wait to be verified.")] = 20,
    archive_mib: Annotated[int, typer.Option(min=1, max=2047, help="MiB that an archive may have.")] = 512,
    stored_gib: Annotated[int, typer.Option(min=1, help="GiB that an account's archives may have together.")] = 32,
    verify_command: Command = "",
    verify_s: VerifyS = 24 * 3600,
    lease_s: LeaseS = 60,
    films: Films = True,
) -> None:
    """Serve a board: pages, the JSON API, and beside it the processes that verify.

    An empty folder becomes a board. Ctrl-C ends it.
    """
    with _errors():
        from switch_bench.leaderboard import server
        from switch_bench.leaderboard.settings import GIB, MIB, Limits, Settings

        limits = Limits(
            requests_a_minute=requests_a_minute, uploads_an_hour=uploads_an_hour, waiting=waiting,
            archive_bytes=archive_mib * MIB, stored_bytes=stored_gib * GIB,
        )  # fmt: skip
        settings = Settings(
            data.absolute(), **_verify(verify_command), verify_s=verify_s, lease_s=lease_s, base=base.rstrip("/"),
            proxies=proxies, secure=not server.loopback(host) if secure is None else secure, films=films, limits=limits,
        )  # fmt: skip
        server.serve(settings, host, port, workers, lambda address: print(address, flush=True))


@app.command()
def work(
    data: Data = DATA,
    verify_command: Command = "",
    verify_s: VerifyS = 24 * 3600,
    lease_s: LeaseS = 60,
    films: Films = True,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="End when nothing waits.")] = False,
) -> None:
    """Verify what waits, beside a server or without one. Ctrl-C gives back what it has begun."""
    with _errors():
        import signal

        from switch_bench.leaderboard.settings import Settings
        from switch_bench.leaderboard.worker import Worker

        settings = Settings(data.absolute(), **_verify(verify_command), verify_s=verify_s, lease_s=lease_s, films=films)
        with _database(data) as database:
            worker = Worker(settings, database)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: worker.stopped.set())
            print(f"{worker.run(until_empty=until_empty)} verified")


@app.command()
def migrate(data: Data = DATA) -> None:
    """Make the board's database, or bring it to this version's tables."""
    with _errors():
        from switch_bench.leaderboard import database
        from switch_bench.leaderboard.settings import Settings

        settings = Settings(data.absolute())
        settings.make_folders()
        database.migrate(settings.database)
        print(settings.database)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The folder to make, or to make anew.")],
    data: Data = DATA,
) -> None:
    """Write the board as a static site: what anyone may see of it, in files that need no server."""
    with _errors():
        from switch_bench.leaderboard import site
        from switch_bench.leaderboard.exporting import FromDatabase
        from switch_bench.leaderboard.settings import Settings

        with _database(data) as database:
            done = site.export(FromDatabase(Settings(data.absolute()), database), out)
        left = f"; {done.left_out} comparisons left out" if done.left_out else ""
        print(f"{done.pages} pages{left}: {done.out}")


@app.command()
def prune(
    older_than: Annotated[str, typer.Option(help="Refused or withdrawn at least so long ago: 30d, 12h.")],
    data: Data = DATA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Make room: remove archives and episodes of what was refused or withdrawn. Rows stay, and say so.

    Nothing that is listed is removed. It may be done while the board is served.
    """
    with _errors():
        from switch_bench.leaderboard import pruning
        from switch_bench.leaderboard.render import size
        from switch_bench.leaderboard.settings import Settings

        seconds = _seconds(older_than)
        settings = Settings(data.absolute())
        with _database(data) as database:
            if dry_run:
                found = pruning.prunable(database, settings, seconds)
                for one in found:
                    print(f"{one.id}  {one.why}  {size(one.size)}")
                print(f"{len(found)} would be removed: {size(sum(one.size for one in found))}")
                return
            done: list[pruning.Prunable] = []
            freed = pruning.prune(database, settings, seconds, done.append)
        for one in done:
            print(f"{one.id}  {one.why}  {size(one.size)}")
        print(f"{len(done)} removed: {size(freed)}")


@app.command()
def status(
    data: Data = DATA,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say how the board is: what waits, which workers are there, what is on the disk. Exit code 1: no worker is."""
    with _errors():
        from switch_bench.leaderboard import health
        from switch_bench.leaderboard.settings import Settings

        with _database(data) as database:
            found = health.status(database, Settings(data.absolute()))
        print(found.model_dump_json(indent=2) if json else _told(found))
        if not found.workers:
            raise typer.Exit(1)


@tokens.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose; the account is made if it isn't there.")],
    role: Annotated[str, typer.Option(help="submitter or maintainer.")],
    data: Data = DATA,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a token, and print it: this is the only time it is seen."""
    with _errors():
        from switch_bench.leaderboard import accounts, auditing
        from switch_bench.leaderboard.database import now

        with _database(data) as database, database.writing() as session:
            secret = accounts.add_token(session, name, role, now(), label)
            auditing.note(session, "", "token added", name, "command line", role=role)
        print(secret)


@tokens.command("list")
def list_(data: Data = DATA) -> None:
    """Show the tokens by number and first letters; they themselves aren't kept."""
    with _errors():
        from switch_bench.leaderboard import accounts
        from switch_bench.leaderboard.database import utc

        with _database(data) as database, database.reading() as session:
            for token, account in accounts.tokens(session):
                over = f"  revoked {utc(token.revoked)}" if token.revoked is not None else ""
                used = f"used {utc(token.used)}" if token.used is not None else "never used"
                label = f"  {token.label}" if token.label else ""
                who = f"{token.begins}…  {account.name}  {account.role}"
                print(f"{token.id}  {who}  {utc(token.created)}  {used}{over}{label}")


@tokens.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="The token's number.")],
    data: Data = DATA,
    force: Annotated[bool, typer.Option("--force", help="Even the last token of the last maintainer.")] = False,
) -> None:
    """End a token at once, and whoever is signed in by it."""
    with _errors():
        from switch_bench.evaluate.errors import InputError
        from switch_bench.leaderboard import accounts, auditing
        from switch_bench.leaderboard.database import now

        with _database(data) as database, database.writing() as session:
            token = accounts.token(session, number)
            if accounts.is_last(session, token) and not force:
                hint = "make another one first, or --force"
                raise InputError("it is the last token of the last maintainer", where=str(number), hint=hint)
            accounts.revoke(session, number, now())
            auditing.note(session, "", "token revoked", str(number), "command line")


def _seconds(said: str) -> float:
    from switch_bench.evaluate.errors import InputError

    units = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
    if not (said[:-1].isascii() and said[:-1].isdigit() and said[-1:] in units):
        raise InputError(f"{said!r} is no time", where="--older-than", hint="say 30d, 12h, 90m or 0s")
    return int(said[:-1]) * units[said[-1]]


def _told(found: Any) -> str:
    from switch_bench.leaderboard.render import size

    waits = found.queue.oldest_waits_s
    longest = "" if waits is None else f", the longest for {waits:.0f} s"
    last, disk = found.last_verification, found.disk
    lines = [
        f"queue        {found.queue.waiting} wait{longest}; {found.queue.verifying} being verified",
        f"workers      {', '.join(found.workers) or 'none was seen within a minute'}",
        f"last         {f'{last.submission}, {last.state} at {last.at}' if last else 'nothing was verified yet'}",
        f"submissions  {', '.join(f'{count} {name}' for name, count in found.submissions.items()) or 'none'}",
        f"disk         archives {size(disk.archives)}, runs {size(disk.runs)}, database {size(disk.database)}; "
        f"{size(disk.free)} free",
    ]
    return "\n".join(lines)


def _verify(command: str) -> dict[str, Any]:
    from switch_bench.evaluate.errors import InputError

    if not command:
        return {}
    words = tuple(shlex.split(command))
    if not ({"{file}", "{out}"} <= set(words)):
        raise InputError("it lacks {file} or {out}", where="--verify-command", hint="'my-verifier {file} {out}'")
    return {"verify": words}


@contextmanager
def _database(data: Path) -> Iterator:
    from switch_bench.leaderboard.database import Database
    from switch_bench.leaderboard.settings import Settings

    database = Database(Settings(data.absolute()).database)
    try:
        database.check()
        yield database
    finally:
        database.close()


@contextmanager
def _errors() -> Iterator[None]:
    """As the program's, and an extra that is missing ends in words."""
    from switch_bench import cli

    with cli._errors():  # pyright: ignore[reportPrivateUsage]
        from switch_bench.evaluate.errors import InputError

        try:
            yield
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("switch_bench"):
                raise
            raise InputError(
                f"the leaderboard needs {error.name}, which isn't here",
                where="leaderboard",
                hint="pip install 'switch-bench[leaderboard]'",
            ) from error
