"""Runs schemathesis against a pool behind nginx: `run.py <seconds> [<seed>]`.

It makes requests from `/openapi.json`, valid and invalid ones, and compares each answer with it: the status must be documented and must not
be the server's fault, and type, headers and body must be as documented. Afterwards, no worker may have died.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Support"))

from pool import Pool  # noqa: E402

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
]


def main(seconds: int, seed: int) -> int:
    pool = Pool("--workers", "2", JOURNAL_SIZE=10_000)
    try:
        pool.start()
        print(f"seed {seed}", flush=True)
        status = schemathesis(pool, seconds, seed)
        counts = pool.statistics()["pool"]
        statuses: Counter[str] = Counter()
        for entry in counts["requests"]:
            statuses[entry["status"]] += entry["value"]
        print(f"answers by status: {dict(sorted(statuses.items()))}; deaths of workers: {counts['worker_deaths']}")
        return status or int(counts["worker_deaths"] > 0)
    finally:
        pool.close()


def schemathesis(pool: Pool, seconds: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as directory:
        command = [
            Path(sys.executable).with_name("st"), "run", f"{pool.url}/openapi.json", "--url", pool.url, "--max-time", str(seconds),
            "--seed", str(seed), "--checks", ",".join(CHECKS), "--continue-on-failure", "--request-timeout", "30",
            "--generation-database", "none", "--suppress-health-check", "all",
            # Its response has no end.
            "--exclude-path", "/_fakeai/events",
        ]
        return subprocess.run(command, cwd=directory, env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py")}).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 31)))
