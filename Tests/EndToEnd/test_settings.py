"""A wrong setting stops the start with one line that says which, what it was, and what it may be."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from processes import eventually
from refusal import refusal

# A variable, a value that it must not have, and words that the refusal must hold because they are what is allowed.
REFUSED = [
    ("FAKEAI_GENERATE_ACTUAL_IMAGES", "maybe", ["true", "false"]),
    ("FAKEAI_IMAGE_STORAGE_BACKEND", "cloud", ["memory"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "0", ["168"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "-1", ["168"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "168.5", ["168"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "an hour", ["168"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "nan", ["168"]),
    ("FAKEAI_IMAGE_RETENTION_HOURS", "inf", ["168"]),
    ("FAKEAI_IMAGE_STORE_SIZE", "big", ["256M"]),
    ("FAKEAI_IMAGE_STORE_SIZE", "0", ["1M"]),
    ("FAKEAI_IMAGE_STORE_SIZE", "-1M", ["1M"]),
    ("FAKEAI_IMAGE_STORE_SIZE", "99999999999999999999G", ["64G"]),
    ("FAKEAI_IMAGE_STORE_FULL", "explode", ["evict", "refuse"]),
    ("FAKEAI_IMAGE_STORE_NAME", "../etc", ["a-z"]),
    ("FAKEAI_IMAGE_STORE_NAME", "x" * 200, ["32"]),
    ("FAKEAI_PUBLIC_URL", "ftp://example.test", ["http"]),
    ("FAKEAI_PUBLIC_URL", "not a url", ["http"]),
    ("FAKEAI_PUBLIC_URL", "https://example.test/?q=1", ["http"]),
    ("FAKEAI_PROFILE", "azure", ["fakeai"]),
    ("FAKEAI_KEYS", "/nonexistent.json", ["file"]),
    ("FAKEAI_REQUESTS_PER_MINUTE", "0", ["1000000"]),
    ("FAKEAI_IMAGES_PER_MINUTE", "tier 1", ["1000000"]),
    ("FAKEAI_LIMIT_REFILL", "hour", ["continuous", "minute"]),
    ("FAKEAI_JOURNAL_SIZE", "10001", ["10000", "none"]),
    ("FAKEAI_WORKERS", "0", ["1"]),
    ("FAKEAI_WORKERS", "many", ["1"]),
    ("FAKEAI_WORKERS", "100000", ["64"]),
    ("FAKEAI_PORT", "65536", ["65535"]),
    ("FAKEAI_PORT", "http", ["65535"]),
    ("FAKEAI_HOST", "not a host", []),
    ("FAKEAI_LOG_LEVEL", "loud", ["info", "debug"]),
    ("FAKEAI_IMAGE_TIMESTAMP", "yesterday", []),
]


@pytest.mark.parametrize("variable, value, allowed", REFUSED)
def test_a_wrong_variable_stops_the_start_with_one_line(variable, value, allowed):
    result = refusal(**{variable: value})
    assert result.returncode == 64
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert variable in line
    assert value[:20] in line
    for word in allowed:
        assert word in line


@pytest.mark.parametrize(
    "flag, value", [("--port", "65536"), ("--workers", "0"), ("--image-retention-hours", "0"), ("--image-store-size", "big")]
)
def test_a_wrong_flag_names_the_flag(flag, value):
    result = refusal(f"{flag}={value}")
    assert result.returncode == 64
    [line] = result.stderr.splitlines()
    assert flag in line and value in line


def test_a_flag_wins_over_its_variable(start):
    pool = start("--image-retention-hours", "3", IMAGE_RETENTION_HOURS=2)
    assert pool.statistics()["retention_hours"] == 3


def test_an_unknown_variable_is_warned_of(start):
    pool = start("--workers", "1", IMAGE_RETENTION_HUORS=2)
    [line] = [line for line in pool.log.splitlines() if "FAKEAI_IMAGE_RETENTION_HUORS" in line]
    assert "FAKEAI_IMAGE_RETENTION_HOURS" in line


@pytest.mark.parametrize("variable", ["FAKEAI_KEYS", "FAKEAI_RULES", "FAKEAI_FONT"])
@pytest.mark.parametrize("kind", ["pipe", "directory", "device", "socket"])
def test_what_is_no_regular_file_stops_the_start_at_once(tmp_path, variable, kind):
    path = tmp_path / "thing"
    with socket.socket(socket.AF_UNIX) as listener:
        make = {
            "pipe": os.mkfifo, "directory": os.mkdir, "device": lambda path: path.symlink_to("/dev/zero"),
            "socket": lambda path: listener.bind(str(path)),
        }
        make[kind](path)
        result = refusal(**{variable: str(path)})
    assert result.returncode == 64
    [line] = result.stderr.splitlines()
    assert variable in line and str(path) in line and "a regular file that can be read" in line


@pytest.mark.parametrize("variable", ["FAKEAI_KEYS", "FAKEAI_RULES"])
def test_a_file_beyond_all_measure_stops_the_start_at_once(tmp_path, variable):
    path = tmp_path / "large.json"
    path.write_text("[" + " " * 40_000_000 + "]")
    result = refusal(**{variable: str(path)})
    assert result.returncode == 64
    [line] = result.stderr.splitlines()
    assert variable in line and "bytes; allowed: at most" in line


@pytest.mark.parametrize("variable", ["KEYS", "RULES"])
def test_a_file_that_became_a_pipe_stops_a_hangup_and_nothing_else(start, tmp_path, variable):
    path = tmp_path / "file.json"
    path.write_text('[{"key": "sk-1234567"}]' if variable == "KEYS" else "[]")
    pool = start("--workers", "1", **{variable: path})
    before = pool.workers
    path.unlink()
    os.mkfifo(path)
    pool.process.send_signal(signal.SIGHUP)
    eventually(lambda: "the old workers stay" in pool.log, within=20, what="the rollover is given up")
    assert pool.workers == before
