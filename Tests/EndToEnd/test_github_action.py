"""The GitHub Action starts the server and tells where it is, or says why it could not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from leftovers import SHARED_MEMORY, remove, store_name
from pool import BINARY, ROOT, environment, free_port
from processes import eventually, in_session, kill

START = ROOT / "deploy" / "github-action" / "start.sh"


@pytest.fixture
def short_temporary() -> Iterator[Path]:
    """A folder with a short path: that of a socket has room for 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="fakeai-test-") as folder:
        yield Path(folder)


@pytest.fixture
def run(tmp_path, short_temporary):
    """Runs the action's script as a runner does, with a stand-in for docker that starts the server without a container."""
    store = store_name()
    (tmp_path / "docker").write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "port = sys.argv[sys.argv.index('--publish') + 1].split(':')[1]\n"
        "os.environ.update(argument.split('=', 1) for argument in sys.argv if argument.startswith('FAKEAI_'))\n"
        "os.environ.update(FAKEAI_HOST='127.0.0.1', FAKEAI_PORT=port)\n"
        f"os.execv({BINARY!r}, [{BINARY!r}, 'serve'])\n"
    )
    (tmp_path / "docker").chmod(0o755)
    leaders = []

    def run(**inputs: str) -> tuple[int, str]:
        defaults = {"IMAGE": "", "DEB": "", "PORT": str(free_port()), "SETTINGS": "", "TIMEOUT": "30"}
        given = {f"INPUT_{name}": value for name, value in (defaults | inputs).items()}
        variables = environment(temporary=short_temporary) | given | {
            "PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"),
        }
        if "SETTINGS" in inputs:
            variables["INPUT_SETTINGS"] += f"\nFAKEAI_IMAGE_STORE_NAME={store}\n"
        script = subprocess.Popen(
            [START], env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        leaders.append(script.pid)
        return script.wait(timeout=60), script.stdout.read()

    yield run
    for leader in leaders:
        for pid in in_session(leader):
            kill(pid, signal.SIGTERM)
        eventually(lambda leader=leader: not in_session(leader), within=20, what="the server of the action ended")
    for segment in SHARED_MEMORY.glob(f"fakeai-images-{store}-*"):
        remove(segment)


def test_the_action_starts_a_server_with_the_settings(run, tmp_path: Path):
    settings = "# Comments and empty lines are fine.\n\n  FAKEAI_PROFILE=openai\nFAKEAI_WORKERS=1\nFAKEAI_IMAGE_STORE_SIZE=16M"
    status, log = run(IMAGE="fakeai-images:test", SETTINGS=settings)
    assert status == 0, log
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert outputs["base-url"] == outputs["url"] + "/v1"
    assert httpx.get(outputs["base-url"] + "/models").status_code == 401, "the profile requires a key"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "neither image nor deb is given"),
        ({"IMAGE": "a", "DEB": "b"}, "image and deb are both given"),
        ({"IMAGE": "a", "SETTINGS": "PROFILE=openai"}, "settings has the line 'PROFILE=openai': expected FAKEAI_NAME=value"),
        ({"IMAGE": "a", "SETTINGS": "FAKEAI_PROFILE=nonsense"}, "nonsense"),
    ],
)
def test_the_action_says_why_it_fails(run, inputs, message):
    status, log = run(**inputs)
    assert status == 1
    assert message in log
    assert "::error title=fakeai-images::" in log
