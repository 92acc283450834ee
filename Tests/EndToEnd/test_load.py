"""`make load`, as a person would run it against a service of their own."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from nginx_site import Site
from pool import ROOT
from soak import opened
from usage import Usage


def load(*options: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, ROOT / "Tests/Load/load.py", *options], capture_output=True, text=True, timeout=120)


def test_a_load_is_reported_with_rates_shares_and_processes(pool):
    done = load("--url", pool.url, "--ramp", "4,8", "--seconds", "1", "--size", "256x256")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    steps = {row[0]: row for row in rows if row and row[0] in {"4", "8"}}
    assert all(float(steps[connections][1]) > 0 and float(steps[connections][4]) > 0 for connections in ("4", "8"))
    assert "Errors by kind, over all steps: none" in done.stdout
    assert set(re.findall(r"^worker +(\d+)", done.stdout, re.M)) <= {str(pid) for pid in pool.workers}
    for role in ("nginx", "worker"):
        assert re.search(rf"^{role} +\d+ +\d+ % +[\d.]+ MiB +\d+$", done.stdout, re.M)


def test_errors_are_told_by_kind(start):
    pool = start("--workers", "1", IMAGES_PER_MINUTE=3)
    done = load("--url", pool.url, "--ramp", "4", "--seconds", "1", "--size", "256x256")
    assert re.search(r"^Errors by kind, over all steps: 429: \d+$", done.stdout, re.M), done.stdout


def test_a_load_does_not_begin_where_nobody_answers(tmp_path):
    with Site(tmp_path / "nobody.sock") as site:
        done = load("--url", site.url, "--seconds", "1")
    assert done.returncode == 1 and "502" in done.stderr


@pytest.mark.parametrize("option, value", [("--ramp", "0"), ("--ramp", "4,9999"), ("--seconds", "0"), ("--posts", "2")])
def test_a_load_has_bounds(option, value):
    done = load(option, value)
    assert done.returncode == 2 and "is not between" in done.stderr


# Of two processes of nginx's, at twelve moments; and what a soak has to say about it.
DESCRIPTORS = {
    "connections wander": ([(14 + moment % 2 * 40, 60 - moment % 2 * 40) for moment in range(12)], []),
    "one leaks": (
        [(14 + 3 * moment, 20) for moment in range(12)],
        ["nginx has at least 58 descriptors open at the end, and had at most 43 at the beginning"]
    ),
}


@pytest.mark.parametrize("case", DESCRIPTORS)
def test_a_soak_tells_a_leak_from_connections_that_come_and_go(case):
    moments, told = DESCRIPTORS[case]
    assert opened([{pid: Usage("nginx", pid, 0, 0, count) for pid, count in enumerate(counts)} for counts in moments]) == told
