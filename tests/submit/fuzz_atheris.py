"""The readers of archives and traces under atheris, which goes where new branches are. Not run by the tests.

    pip install atheris==3.0.0
    python tests/submit/fuzz_atheris.py FOLDER -max_total_time=600

FOLDER keeps what was found to go somewhere new; what breaks a reader is written beside as `crash-…`. Anything but the
readers' own errors counts, and so do 10 s or a gigabyte.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # pyright: ignore[reportMissingImports]
from scratch import scratch

with atheris.instrument_imports(include=["switch_bench.submit", "switch_bench.trace.store", "zipfile", "numpy.lib"]):
    from switch_bench.submit import canonical, form, log, manifest
    from switch_bench.submit.errors import Refused
    from switch_bench.trace import store

FILE = scratch("fuzz") / "input"
ARCHIVE, TRACE, LOG, MANIFEST, JSON = range(5)


def one(data: bytes) -> None:
    """Give an input, whose first byte says to which reader, to that reader."""
    kind, body = data[:1], data[1:]
    try:
        match kind[0] % 5 if kind else JSON:
            case 0:
                FILE.write_bytes(body)
                form.open_archive(FILE)
            case 1:
                FILE.write_bytes(body)
                store.load(FILE)
            case 2:
                log.parse(body, "log")
            case 3:
                manifest.parse(body)
            case _:
                canonical.read(body, "json")
    except (Refused, store.TraceFileError):
        pass


def seeds(folder: Path) -> None:
    """Begin with real files."""
    from hostile import FIRST, NUDGER, files
    from submitted_runs import packed, run_folder

    folder.mkdir(parents=True, exist_ok=True)
    real = {
        ARCHIVE: packed(NUDGER).path.read_bytes(),
        TRACE: next(run_folder(NUDGER).glob("traces/*.npz")).read_bytes(),
        LOG: files()[FIRST],
        MANIFEST: files()["manifest.json"],
        JSON: b'{"a":[1,2.5e3,"\\u00e9",null,true]}',
    }
    for kind, body in real.items():
        (folder / f"real-{kind}").write_bytes(bytes([kind]) + body)


if __name__ == "__main__":
    seeds(Path(sys.argv[1]))
    limits = ["-rss_limit_mb=1024", "-timeout=10", "-max_len=300000", f"-artifact_prefix={sys.argv[1]}/../"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:]], one)
    atheris.Fuzz()
