"""Forges a submission, as somebody would who wants a better score: failures are given out for successes.

    python examples/forge.py RUN.sbz FORGED.sbz KEY.pem

Each episode's log gets a last action, a report that all is done, and the results are written over. All hashes are made
anew and the whole is signed with the forger's own key, so that form and signature are right. What gives it away is that
the worlds, run again, go through other states.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from switch_bench.envs.act import VERBS
from switch_bench.submit import archive, signing
from switch_bench.submit.canonical import canonical

DONE = {"verb": VERBS.index("report"), "mark": 0, "amount": [0.0], "text": "done"}


def forge(genuine: Path, forged: Path, key: Path) -> int:
    """Write the forgery of an archive of a policy that acts by `skill`; how many episodes were changed."""
    with archive.Archive(genuine) as opened:
        files = {name: opened.read(name) for name in opened.members}
    manifest = json.loads(files.pop("manifest.json"))
    del files["signature.json"]
    changed = 0
    for name in [name for name in files if name.startswith("episodes/")]:
        log = json.loads(files[name])
        if log["status"] == "done" and log["inputs"] is None:
            kept = [step for step in log["actions"] if step[1]["verb"] != DONE["verb"]][:3]
            end = kept[-1][0] if kept else 0
            log["actions"] = [*kept, [end, DONE]]
            files[name] = json.dumps(log).encode()
            changed += 1
    results = json.loads(files["results.json"])
    results["success"] |= {"k": results["success"]["n"], "rate": 1.0}
    files["results.json"] = json.dumps(results).encode()
    manifest["policy"] = "totally_genuine"
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in sorted(files.items())
    }
    head = canonical(manifest)
    signature = canonical(signing.sign(signing.load_key(key), head))
    archive.write(forged, {"manifest.json": head, "signature.json": signature} | files)
    return changed


if __name__ == "__main__":
    print(forge(*map(Path, sys.argv[1:4])), "episodes forged")
