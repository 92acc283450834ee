"""`fakeai-images generate` for many images: names in order, the same bytes whichever thread draws, and a bar on a terminal only."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pictures import checked_png, recipe
from pool import BINARY, environment

TIME = ("--image-timestamp", "2026-01-02 03:04:05")


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fakeai-test-") as directory:
        yield Path(directory)


def generate(place: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARY, "generate", "--size", "64", *TIME, *arguments], env=environment(temporary=place), cwd=place, input=text,
        capture_output=True, text=True, timeout=120,
    )


def drawn(place: Path, *arguments: str, text: str = "") -> dict[str, bytes]:
    """The files that the arguments draw, in the order of their names."""
    result = generate(place, *arguments, text=text)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def prompts(files: dict[str, bytes]) -> list[tuple[str, int]]:
    found = [recipe(checked_png(file, "64x64")) for file in files.values()]
    return [(recipe["prompt"], recipe["index"]) for recipe in found]


def test_each_prompt_is_drawn_as_often_as_asked_and_numbered_in_order(place):
    files = drawn(place, "a lake", "a forest", "--count", "6", "--quality", "high", "--out-dir", "deep/images")
    assert list(files) == [f"deep/images/image-{number:02}.png" for number in range(1, 13)]
    assert prompts(files) == [("a lake", index) for index in range(6)] + [("a forest", index) for index in range(6)]


def test_many_images_are_those_that_are_drawn_one_by_one(place):
    many = drawn(place, "a lake", "-n", "40", "--quality", "hd", "--out-dir", "many")
    again = drawn(place, "a lake", "-n", "40", "--quality", "hd", "--out-dir", "many")
    assert many == again, "which thread draws an image makes no difference"
    for number in (1, 10):
        few = drawn(place, "a lake", "-n", "10", "--quality", "hd", "-o", "few.png")
        assert few[f"few-{number}.png"] == many[f"many/image-{number:02}.png"]


def test_a_prompt_comes_from_standard_input_with_all_its_lines(place):
    assert prompts(drawn(place, "-", text="a lake\nat dawn\n")) == [("a lake\nat dawn", 0)]


@pytest.mark.parametrize("source", ["file", "standard input"])
def test_prompts_come_one_from_each_line(place, source):
    text = "a lake\r\n\nein Wald – 森\n"
    (place / "prompts.txt").write_bytes(text.encode())
    path = {"file": "prompts.txt", "standard input": "-"}[source]
    (place / "out").mkdir()
    result = generate(place, "--prompts", path, "--out-dir", "out", text=text)
    assert result.returncode == 0, result.stderr
    files = {path.name: path.read_bytes() for path in sorted((place / "out").iterdir())}
    assert list(files) == ["image-1.png", "image-2.png"]
    assert prompts(files) == [("a lake", 0), ("ein Wald – 森", 0)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\n\n", "has no line with a prompt"), (b"\xff\xfe", "is not UTF-8 text"),
        (b"x" * ((64 << 20) + 1), "has more than 67108864 bytes; allowed: at most 67108864"),
    ],
)
def test_a_file_of_no_prompts_is_refused(place, content, line):
    (place / "prompts.txt").write_bytes(content)
    result = generate(place, "--prompts", "prompts.txt")
    assert result.returncode == 64
    assert re.fullmatch(rf"fakeai-images: .*prompts\.txt {line}\n", result.stderr)


def test_a_prompt_from_standard_input_is_bounded(place):
    result = generate(place, "-", text="x" * 128_001)
    assert (result.returncode, result.stderr) == (64, "fakeai-images: standard input has more than 128000 bytes; allowed: at most 128000\n")


def test_the_first_file_that_cannot_be_written_ends_a_batch_with_one_line(place):
    (place / "image-0003.png").mkdir()
    result = generate(place, "a lake", "--count", "5000")
    assert result.returncode == 1
    assert result.stderr == "fakeai-images: cannot write image-0003.png: Is a directory; --out-dir writes to a directory\n"
    assert len(list(place.iterdir())) < 5000


def test_a_terminal_shows_a_bar_and_a_pipe_does_not(place):
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            [BINARY, "generate", "a lake", "--count", "300", "--size", "256", "--out-dir", "images"],
            env=environment(temporary=place), cwd=place, stdin=subprocess.DEVNULL, stderr=theirs,
        )
        os.close(theirs)
        shown = b""
        try:
            while chunk := terminal.read(4096):
                shown += chunk
        except OSError:
            pass  # A terminal that nobody has open any more.
        assert process.wait(timeout=60) == 0
    assert re.match(rb"\r\[[#-]{30}\] +\d+ of 300", shown), shown
    assert shown.endswith(b"\r\x1b[K"), "the bar is removed at the end"
    assert all(len(line) < 80 for line in shown.split(b"\r"))
