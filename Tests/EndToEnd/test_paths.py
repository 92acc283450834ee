"""`serve` runs wherever its files lie: nginx reads none of their paths."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from leftovers import store_name
from pool import BINARY, ROOT, Pool
from processes import eventually
from refusal import refusal

NAMES = {
    "a blank": "a b",
    "a semicolon": "a;b",
    "a quote": 'a"b',
    "an apostrophe": "a'b",
    "a backslash": "a\\b\\",
    "a backslash before a quote": 'a\\"b',
    "a variable of nginx": "a$uri",
    "a dollar at the end": "a$",
    "braces": "a{b}",
    "a variable in braces": "${b}",
    "a hash": "#a #b",
    "a line break": "a\nb",
    "a carriage return and a tab": "a\r\tb",
    "wildcards": "[a]*?",
    "other letters": "größe 日本",
    "a percent sign": "%s%2e",
    "what reads as an option": "-a",
    "a literal of the site": "usr/share/fakeai-images/nginx/www",
    "another literal of the site": "run/fakeai-images/worker.sock",
}


def odd_pool(name: str, *flags: str) -> Pool:
    """A pool whose temporary directory lies in a directory of that name."""
    pool = Pool("--workers", "1", *flags)
    pool.temporary = pool.directory / name
    pool.temporary.mkdir(parents=True, exist_ok=True)
    pool.environment["TMPDIR"] = str(pool.temporary)
    return pool


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_paths_that_mean_something_to_nginx(name):
    """A blank in TMPDIR was nginx's "invalid number of arguments", and a `$` an unknown variable."""
    pool = odd_pool(name)
    site, log = pool.directory / "site" / name, pool.directory / "log" / name / "access.log"
    shutil.copytree(ROOT / "nginx", site)
    (site / "www" / "index.html").write_text("the page of this copy")
    log.parent.mkdir(parents=True)
    pool.flags += (f"--nginx-directory={site}", f"--access-log={log}")
    try:
        pool.start()
        assert httpx.get(f"{pool.url}/").text == "the page of this copy"
        [url] = pool.urls(size="256x256")
        assert httpx.get(url).status_code == 200
        assert httpx.get(f"{pool.url}/_fakeai/stats").json()["total_images"] == 1
        assert httpx.get(f"{pool.url}/nothing", headers={"Host": "a b"}).status_code == 400
        eventually(lambda: "/_fakeai/stats" in logged_paths(log), within=5, what="a line in the log")
        pool.stop()
        assert log.exists() and (site / "www" / "index.html").exists(), "what lies elsewhere stays"
    finally:
        pool.close()


class TreePool(Pool):
    """The pool of a copy of the program."""

    program: Path

    @property
    def command(self) -> list[str]:
        return [str(self.program), "serve", *self.flags]


@pytest.mark.parametrize(
    "folders", ["run/main", "usr/local/main", "var/main", "a b/$c/main", "it's \"quoted\"/main", "größe 日本/[a]*;{b}/main"]
)
def test_a_checkout_at_any_path_serves(folders):
    """The program of a source tree finds the site in it."""
    pool = TreePool("--workers", "1")
    tree = pool.directory / folders
    pool.program = tree / ".build-release" / "release" / "fakeai-images"
    pool.program.parent.mkdir(parents=True)
    shutil.copy(BINARY, pool.program)
    shutil.copytree(ROOT / "nginx", tree / "nginx")
    (tree / "nginx" / "www" / "index.html").write_text("the page of this tree")
    try:
        pool.start()
        assert httpx.get(f"{pool.url}/").text == "the page of this tree"
        [url] = pool.urls(size="256x256")
        assert httpx.get(url).status_code == 200
        pool.stop()
    finally:
        pool.close()


def test_a_make_target_finds_its_environment_at_any_path(tmp_path):
    """What pip puts into bin names its interpreter in the first line, where a `$` in the path is a variable of the shell's."""
    tree = tmp_path / "run" / "a b" / "$c" / "it's"
    tree.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", tree)
    (tree / "requirements.txt").touch()
    (tree / "any.mk").write_text("include Makefile\n.venv-any/.installed: requirements.txt\n")
    made = subprocess.run(
        ["make", "-f", "any.mk", ".venv-any/.installed"], cwd=tree, env=os.environ | {"PATH": f"/usr/bin:{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=120,
    )
    assert made.returncode == 0, made.stderr
    assert (tree / ".venv-any" / ".installed").exists()


def logged_paths(log: Path) -> list[str]:
    return [json.loads(line)["uri"] for line in log.read_text().splitlines()]


def test_an_access_log_is_relative_to_where_the_command_was_given(tmp_path):
    pool = odd_pool("tmp", "--access-log", "my log")
    try:
        before = os.getcwd()
        os.chdir(tmp_path)
        try:
            pool.start()
        finally:
            os.chdir(before)
        eventually(lambda: "/readyz" in (tmp_path / "my log").read_text(), within=5, what="a line in the log")
    finally:
        pool.close()


@pytest.mark.parametrize("place", ["missing directory/log", ".", "file/log"])
def test_an_access_log_that_cannot_be_written_is_one_line(tmp_path, place):
    (tmp_path / "file").touch()
    ended = refusal("--port", "0", "--access-log", str(tmp_path / place), FAKEAI_IMAGE_STORE_NAME=store_name())
    assert ended.returncode != 0 and ended.stderr.count("\n") == 1, ended.stderr
    assert f"cannot write the access log {tmp_path / place}".rstrip("/.") in ended.stderr and "--access-log" in ended.stderr


def test_a_temporary_directory_whose_path_is_too_long_for_a_socket_is_one_line(tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    ended = refusal("--port", "0", TMPDIR=str(long))
    assert ended.returncode != 0 and ended.stderr.count("\n") == 1, ended.stderr
    assert "worker.sock" in ended.stderr


def test_a_checkout_may_lie_anywhere(tmp_path):
    """The site is found around the program, through a path with a blank in it."""
    tree = tmp_path / "my checkout; $x"
    (tree / "build").mkdir(parents=True)
    shutil.copytree(ROOT / "nginx", tree / "nginx")
    program = tree / "build" / Path(BINARY).name
    shutil.copy(BINARY, program)
    pool = Pool("--workers", "1")
    command = [str(program), "serve", "--workers", "1"]
    process = subprocess.Popen(command, env=pool.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout.readline().startswith(b"Serving on "), process.stderr.read()
        assert "fakeai-images" in httpx.get(pool.url).text
    finally:
        process.terminate()
        process.communicate(timeout=20)
        pool.close()
