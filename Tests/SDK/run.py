"""Runs the own tests of OpenAI's Python package against a pool: of responses, files, uploads, batches, moderations and webhooks.

They call each method with each parameter, and validate the answers against the package's types. They take their ids from nowhere and name
no model, so the pool invents what it is asked for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from pool import ROOT, Pool

FILES = [
    "test_responses.py", "responses/test_input_items.py", "responses/test_input_tokens.py", "test_files.py", "test_batches.py",
    "test_uploads.py", "uploads/test_parts.py", "test_moderations.py", "test_webhooks.py", "webhooks/test_event_types.py",
]
LEAST = 0.95
"""The share of tests that must pass."""


def source() -> Path:
    """The package's source distribution, which has the tests; downloaded once."""
    name = f"openai-{version('openai')}"
    folder = ROOT / ".venv-sdk" / "source"
    if not (folder / name).exists():
        with tempfile.TemporaryDirectory() as download:
            wanted = ["--no-deps", "--no-binary", "openai", name.replace("-", "==")]
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted, "--dest", download], check=True)
            with tarfile.open(next(Path(download).glob("*.tar.gz"))) as archive:
                archive.extractall(folder, filter="data")
    return folder / name


def run(url: str, options: list[str]) -> ElementTree.ElementTree:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # The package's own options end a test at a warning, also at one of another package.
        command = [
            sys.executable, "-m", "pytest", *(f"tests/api_resources/{file}" for file in FILES), "-o", "addopts=", "-W", "default", "-q",
            "-n", "2", "-p", "no:cacheprovider", f"--junitxml={report}", *options,
        ]
        done = subprocess.run(command, cwd=source(), env=os.environ | {"TEST_API_BASE_URL": url}, capture_output=True, text=True)
        if not report.exists():
            sys.exit(f"pytest ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return ElementTree.parse(report)


def outcomes(report: ElementTree.ElementTree) -> dict[str, Counter[str]]:
    """How many tests of each file passed, failed and were skipped; prints the message of those that failed."""
    counts = {file: Counter() for file in FILES}
    for case in report.iter("testcase"):
        module, _, _ = case.get("classname").removeprefix("tests.api_resources.").rpartition(".")
        file = module.replace(".", "/") + ".py"
        bad = next((child for child in case if child.tag in ("failure", "error")), None)
        skipped = case.find("skipped") is not None
        counts[file]["failed" if bad is not None else "skipped" if skipped else "passed"] += 1
        if bad is not None:
            print(f"  {file} {case.get('name')}: {' '.join(bad.get('message', '').split())[:300]}")
    return counts


def main() -> None:
    pool = Pool("--workers", "2", UNKNOWN_IDS="invent")
    try:
        pool.start()
        report = run(f"{pool.url}/v1", sys.argv[1:])
    finally:
        pool.close()
    total: Counter[str] = Counter()
    for file, counts in outcomes(report).items():
        print(f"{file}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        total += counts
    tried = total["passed"] + total["failed"]
    share = total["passed"] / tried if tried else 0
    print(f"{share:.1%} of {tried} tests of openai {version('openai')} passed; at least {LEAST:.0%} must")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    sys.exit(share < LEAST)


if __name__ == "__main__":
    main()
