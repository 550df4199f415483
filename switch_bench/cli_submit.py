"""The commands `submit …`: packing runs, checking archives, hidden rounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KEY = Path("~/.config/switch_bench/key.pem")
KeyFile = Annotated[Path, typer.Option("--key", help="The file of your key; `switch-bench submit key` makes one.")]

submit = typer.Typer(help="Pack runs as signed archives, check them, play hidden rounds.", no_args_is_help=True)
hidden = typer.Typer(help="Seeds fixed before, unknown to the submitter, revealed after.", no_args_is_help=True)
submit.add_typer(hidden, name="hidden")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(submit, name="submit")


@submit.command()
def key(
    file: Annotated[Path, typer.Argument(help="The file to make; others know you by the key in it.")] = KEY,
) -> None:
    """Make a key to sign with; prints its public half."""
    from switch_bench.cli import _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import signing

        print(signing.new_key(file.expanduser()))


@submit.command()
def pack(
    run: Annotated[Path, typer.Argument(help="The run folder of one policy.")],
    out: Annotated[Path | None, typer.Option(help="The archive; by default RUN.sbz beside the folder.")] = None,
    key_file: KeyFile = KEY,
    card: Annotated[Path | None, typer.Option(help="The model card, Markdown; without one a form to fill in.")] = None,
    name: Annotated[str | None, typer.Option(help="The policy's name on the board.")] = None,
    round_file: Annotated[Path | None, typer.Option("--round", help="The hidden round it was run for.")] = None,
    as_json: Json = False,
) -> None:
    """Pack a finished run into one signed archive: what was given in each episode, and the states it went through."""
    from switch_bench.cli import _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import hidden as rounds
        from switch_bench.submit import pack as packing

        run = run.resolve()
        commitment = None if round_file is None else rounds.load(round_file).commitment
        done = packing.pack(
            run,
            out if out is not None else run.with_name(run.name + ".sbz"),
            key_file.expanduser(),
            card=card,
            name=name,
            commitment=commitment,
        )
        if as_json:
            facts = {"path": str(done.path), "sha256": done.sha256, "key": done.key, "episodes": done.episodes}
            facts |= {"errors": done.errors, "left_out": done.left_out, "unlike": done.unlike}
            print(json.dumps(facts, indent=2))
            return
        print(f"{done.path}: {done.episodes} episodes, {done.path.stat().st_size} bytes, SHA-256 {done.sha256}")
        if done.errors:
            print(f"{done.errors} of them ended in an error, which counts as not successful")
        if done.unlike:
            print(f"it may not be verifiable as a whole: {done.unlike}")
        if done.left_out:
            print(f"too large, and so not in it: {', '.join(done.left_out)}")
        if card is None:
            print("its model card is an empty form; --card takes yours")


@submit.command()
def verify(
    archive: Annotated[Path, typer.Argument(help="A submission, NAME.sbz.")],
    out: Annotated[Path, typer.Option(help="The folder for what comes out: a run folder and verification.json.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    replay: Annotated[bool, typer.Option(help="Run every episode again.")] = True,
    pictures: Annotated[
        int, typer.Option(min=0, help="Observations an episode whose pictures are drawn and compared.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print progress and outcome as lines of JSON.")] = False,
) -> None:
    """Check an archive: form, hashes, signature; then run every episode again, compare its states, and judge it anew.

    Exit code 1 if it is refused, or can't be verified on this machine. No score that is in the archive is read.
    """
    from switch_bench.cli import FELL_SHORT, _errors, _out  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import check

        def say(done: int, of: int) -> None:
            if as_json:
                print(json.dumps({"done": done, "of": of}), flush=True)

        found = check.verify(archive, out, workers=workers, replay=replay, pictures=pictures, progress=say)
        if as_json:
            print(json.dumps(found.facts()), flush=True)
        else:
            check.told(found, _out())
        if found.status in ("refused", "unverifiable"):
            raise typer.Exit(FELL_SHORT)


@submit.command()
def upload(
    archive: Annotated[Path, typer.Argument(help="A submission, NAME.sbz.")],
    board: Annotated[str, typer.Option(help="The board's address, such as https://board.example.")],
    token: Annotated[
        str, typer.Option(envvar="SWITCH_BENCH_TOKEN", help="Your token; better in the environment than here.")
    ],
    hidden_for: Annotated[
        str, typer.Option("--hidden-for", help="The id of the submission that this is the hidden run of.")
    ] = "",
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait until it is verified.")] = 0,
    as_json: Json = False,
) -> None:
    """Send an archive to a board; prints its id there. With --wait: exit code 1 unless it is verified by then."""
    from switch_bench.cli import FELL_SHORT, _err, _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import upload as sending

        made = sending.send(archive, board, token, hidden_for)
        status = made["status"]
        if wait:
            told = _err()
            last: list[object] = []

            def say(found: dict[str, object]) -> None:
                if last != [found["status"], found["done"]]:
                    last[:] = [found["status"], found["done"]]
                    so_far = f": {found['done']} of {found['of']} episodes" if found["of"] else ""
                    told.print(f"{found['status']}{so_far}", markup=False)

            status = sending.wait(board, made["id"], token, wait, say)
        print(json.dumps(made | {"status": status}, indent=2) if as_json else f"{made['id']}: {status}")
        if wait and status not in ("replay-verified", "hidden-verified"):
            raise typer.Exit(FELL_SHORT)


@hidden.command()
def draw(
    file: Annotated[Path, typer.Argument(help="The file to keep the round in. It is secret until the round is over.")],
    suite: Annotated[str, typer.Option(help="A suite, or a task's id.")] = "core",
    episodes: Annotated[int, typer.Option(min=1, max=1000, help="Episodes for each task.")] = 5,
) -> None:
    """Draw a round's seeds; prints what to publish before anybody plays."""
    from switch_bench.cli import _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import hidden as rounds

        made = rounds.draw(suite, episodes)
        rounds.keep(made, file)
        print(json.dumps(made.public(), indent=2))


@hidden.command("run")
def run_(
    file: Annotated[Path, typer.Argument(help="The round.")],
    policy: Annotated[str, typer.Option(help="The submitter's endpoint: ws://host:port or openai:MODEL@BASE_URL.")],
    out: Annotated[Path, typer.Option(help="The run folder; keep it to yourself until the round is over.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Run a policy's endpoint on the hidden seeds."""
    from switch_bench.cli import _err, _errors, _out  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate import results
        from switch_bench.submit import hidden as rounds

        done = rounds.play(rounds.load(file), policy, out, workers, _err())
        _out().print(results.table(done.results))


@hidden.command()
def reveal(file: Annotated[Path, typer.Argument(help="The round.")]) -> None:
    """Print a round's salt and seeds, once it is over."""
    from switch_bench.cli import _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.submit import hidden as rounds

        print(json.dumps(rounds.load(file).reveal(), indent=2))


@hidden.command("check")
def check_(
    commitment: Annotated[str, typer.Argument(help="What was published before.")],
    revealed: Annotated[Path, typer.Argument(help="What was revealed, a file of JSON.")],
    verification: Annotated[
        Path | None, typer.Option(help="The verification.json of a submission for the round.")
    ] = None,
) -> None:
    """See that what was revealed is what was published, and that a submission was played on it. Exit code 1 if not."""
    from switch_bench.cli import FELL_SHORT, _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate.errors import InputError
        from switch_bench.submit import hidden as rounds

        try:
            told = json.loads(revealed.read_text())
            found = None if verification is None else json.loads(verification.read_text())
            if not isinstance(told, dict) or not isinstance(found, dict | None):
                raise ValueError("not a JSON object")
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(f"can't be read: {error}", where=str(verification or revealed)) from error
        wrong = rounds.check(commitment, told) if found is None else rounds.check_played(commitment, told, found)
        for line in wrong:
            print(line)
        if wrong:
            raise typer.Exit(FELL_SHORT)
        print("It is what was published.")
        if found is not None:
            print(f"The submission was played on it, and signed by {found.get('key')}: is that the maintainer's key?")
