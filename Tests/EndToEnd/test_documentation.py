"""Each code block of the README and the guides does what the page says: it is run against a pool, in the order of its page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from code_blocks import ROOT, CodeBlock, blocks, pages
from pool import BINARY, Pool, free_port
from processes import eventually

PAGES = {page: list(blocks(page)) for page in pages()}
PAGES_WITH_CODE = [page for page, found in PAGES.items() if any(block.language and not block.other_test for block in found)]
# Commands that serve until they are stopped.
SERVERS = ("make run", "fakeai-images serve")


@pytest.mark.parametrize("page", PAGES_WITH_CODE, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs(page: Path, start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Reader(start(), tmp_path, monkeypatch).read(PAGES[page])


def test_every_block_is_run_somewhere():
    """A block without a language is text that somebody else prints; it must not look like a command."""
    wrong = []
    for block in (block for found in PAGES.values() for block in found):
        if block.other_test:
            tests = block.other_test.read_text() if block.other_test.is_file() else ""
            # Swift cannot run what it reads, so the test has the same lines. Any other test reads the page.
            if block.language == "swift" and not lines(block.text) <= lines(tests):
                wrong.append(f"{block}: {block.run} has other lines")
            elif block.language != "swift" and Path(block.page).stem not in tests:
                wrong.append(f"{block}: {block.run} does not read the page")
        elif block.language not in ("", *Reader.LANGUAGES):
            wrong.append(f"{block}: nothing runs {block.language}")
        elif not block.language and block.text.startswith(("curl", "make", "sudo", "$")):
            wrong.append(f"{block}: a command without a language")
        elif block.run and not (block.is_syntax_only or block.file):
            wrong.append(f"{block}: unknown remark {block.run}")
    assert not wrong


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


class Reader:
    """Somebody who types what a page shows, block by block, in a folder of their own."""

    def __init__(self, pool: Pool, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.pool = pool
        self.folder = folder
        self.names: dict = {"__name__": "page"}
        commands = folder / "bin"
        commands.mkdir()
        (commands / "fakeai-images").symlink_to(BINARY)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PATH", f"{commands}:{os.environ['PATH']}")
        for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "FAKEAI_URL"):
            monkeypatch.delenv(name, raising=False)

    def read(self, found: list[CodeBlock]) -> None:
        for block in found:
            if block.other_test or not block.language:
                continue
            text = block.text
            for address in ("localhost:8000", "127.0.0.1:8000"):
                text = text.replace(address, f"127.0.0.1:{self.pool.port}")
            if block.file:
                (self.folder / block.file).write_text(text)
            try:
                self.LANGUAGES[block.language](self, text, block)
            except Exception as error:
                error.add_note(f"in {block}")
                raise

    def shell(self, text: str, block: CodeBlock) -> None:
        lines = [line.partition("  #")[0].rstrip() for line in text.splitlines()]
        if block.is_syntax_only:
            subprocess.run(["bash", "-n", "-c", text], check=True)
        elif any(server in line for server in SERVERS for line in lines):
            for line in lines:
                self.serve(line) if any(server in line for server in SERVERS) else self.command(line)
        else:
            self.command(text)

    def command(self, text: str) -> None:
        environment = {**os.environ, "FAKEAI_PORT": str(self.pool.port)}
        command = ["bash", "-euo", "pipefail", "-c", text.replace("curl ", "curl -sS ")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        # An error that a page asks for comes with the name of its fault.
        expected = "X-FakeAI-Fault" in text or "/requests" in text
        assert expected or '"error"' not in done.stdout, f"{text}\n{done.stdout}"

    def serve(self, line: str) -> None:
        port = free_port()
        environment = {**self.pool.environment, "PATH": os.environ["PATH"], "FAKEAI_PORT": str(port)}
        folder = ROOT if line.startswith("make") else self.folder
        # The Swift package manager leaves files in there.
        if folder == ROOT:
            del environment["TMPDIR"]
        process = subprocess.Popen(["bash", "-c", line], cwd=folder, env=environment, start_new_session=True)
        try:
            ready = ["fakeai-images", "ready", "--wait", "1", "--url", f"http://127.0.0.1:{port}"]
            eventually(lambda: subprocess.run(ready, capture_output=True).returncode == 0, within=60, what=f"an answer of {line}")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)

    def python(self, text: str, block: CodeBlock) -> None:
        code = compile(text, str(block), "exec")
        if not block.is_syntax_only:
            exec(code, self.names)

    def javascript(self, text: str, block: CodeBlock) -> None:
        (self.folder / "block.mjs").write_text(text)
        arguments = ["--check"] if block.is_syntax_only else ["--test"] if "node:test" in text else []
        done = subprocess.run(["node", *arguments, "block.mjs"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"

    def json(self, text: str, block: CodeBlock) -> None:
        json.loads(text)

    def yaml(self, text: str, block: CodeBlock) -> None:
        assert yaml.safe_load(text)

    def ini(self, text: str, block: CodeBlock) -> None:
        """A change of the workers' unit, which has each of these options, or the opposite of it."""
        options = ConfigParser(strict=True)
        options.optionxform = str
        options.read_string(text)
        unit = (ROOT / "systemd/fakeai-images@.service").read_text().splitlines()
        for option in options["Service"]:
            opposite = option.replace("IPAddressAllow", "IPAddressDeny")
            assert any(line.startswith(f"{opposite}=") for line in unit), f"{option} changes nothing"

    LANGUAGES = {"sh": shell, "python": python, "javascript": javascript, "json": json, "yaml": yaml, "ini": ini}
