"""Starting, finding and ending servers, and what is said if that fails."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import Post

from fakeai_images import AccessDenied, FakeAI, FakeAIError, NotReady, ProgramNotFound, ServerExited

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture(autouse=True)
def temporary(
    tmp_path_factory: pytest.TempPathFactory, fakeai_server: FakeAI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The temporary directory of a test's servers; empty when they are over. Its path is short, for sockets."""
    # pytest's own directory and the shared server's are made before.
    tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory() as directory:
        monkeypatch.setattr("tempfile.tempdir", directory)
        yield Path(directory)
        assert list(Path(directory).iterdir()) == []


def segments(process: int) -> list[str]:
    return [path.name for path in SHARED_MEMORY.glob(f"fakeai-images-pytest-{process}-*")]


def eventually(condition: Callable[[], object], within: float = 30) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def script(path: Path, text: str) -> str:
    path.write_text(textwrap.dedent(text))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_server_is_used_and_leaves_nothing(program: str, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKEAI_PROFILE", "openai")
    before = set(segments(os.getpid()))
    with FakeAI.start(program, settings={"FAKEAI_JOURNAL_SIZE": 5, "FAKEAI_GENERATE_ACTUAL_IMAGES": False}) as mock:
        assert post(mock.session())[0] == 200, "this environment's profile is not the server's"
        assert set(segments(os.getpid())) > before
    assert set(segments(os.getpid())) == before
    with pytest.raises(ServerExited, match="was stopped"):
        mock.reset()


def test_a_server_ends_with_a_process_that_is_killed(program: str, temporary: Path) -> None:
    code = f"""
        import sys, tempfile, time
        from fakeai_images import FakeAI
        tempfile.tempdir = {str(temporary)!r}
        print(FakeAI.start({program!r}).url, flush=True)
        time.sleep(600)
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    url = child.stdout.readline().strip()
    assert segments(child.pid)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    eventually(lambda: not segments(child.pid) and not list(temporary.glob("fakeai-*")))
    with pytest.raises(NotReady):
        FakeAI.connect(url, timeout=0)


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(ProgramNotFound, match=r"no executable '/nowhere/fakeai-images'.*--fakeai-program"):
        FakeAI.start("/nowhere/fakeai-images")


def test_a_server_that_cannot_start_is_quoted(program: str) -> None:
    with pytest.raises(ServerExited, match="(?s)serve ended with status 64 before it was ready.*FAKEAI_PROFILE") as failure:
        FakeAI.start(program, settings={"FAKEAI_PROFILE": "nonsense"})
    assert "nonsense" in str(failure.value)


def test_a_program_that_cannot_be_run_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ServerExited, match="(?s)ended with status 127.*cannot be run: Exec format error"):
        FakeAI.start(script(tmp_path / "program", "no program"))


def test_a_server_that_is_never_ready_is_quoted(tmp_path: Path) -> None:
    slow = script(tmp_path / "slow", "#!/bin/sh\necho still loading\nexec sleep 600\n")
    with pytest.raises(NotReady, match=r"(?s)slow serve was not ready after 0.5 s. Its last lines:\n  still loading"):
        FakeAI.start(slow, timeout=0.5)


def test_a_server_that_died_is_quoted_by_the_next_call(tmp_path: Path, program: str) -> None:
    with FakeAI.start(program) as mock:
        assert mock._process
        # As if the machine had ended it.
        os.kill(int(subprocess.check_output(["pgrep", "-P", str(mock._process._guard.pid)])), signal.SIGTERM)
        eventually(lambda: mock._process and mock._process._guard.poll() is not None)
        with pytest.raises(ServerExited, match="(?s)serve ended with status 0.*Its last lines:\n.*Serving on"):
            mock.session().requests()


def test_settings_are_named_like_variables(program: str) -> None:
    with pytest.raises(ValueError, match="these do not: latency"):
        FakeAI.start(program, settings={"latency": "1s"})


def test_a_server_elsewhere_keeps_running(fakeai_server: FakeAI, post: Post) -> None:
    with FakeAI.connect(fakeai_server.url + "/") as mock:
        assert post(mock.session())[0] == 200
    mock.session().requests()


def test_an_address_that_does_not_answer_is_named() -> None:
    with pytest.raises(NotReady, match="http://127.0.0.1:1 was not ready after 0 s"):
        FakeAI.connect("http://127.0.0.1:1", timeout=0)
    with pytest.raises(FakeAIError, match="'mock:8000' is not the URL of a server: expected http"):
        FakeAI.connect("mock:8000", timeout=0)


@contextmanager
def server_that_refuses(body: str) -> Iterator[str]:
    """Answers as nginx does for an address that is not in FAKEAI_INSIDERS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403 if self.path.startswith("/_fakeai") else 200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ('{"error": {"message": "not from here", "code": null}}', "FAKEAI_INSIDERS=10.0.0.0/8.*not from here"),
        ('{"error": {"message": "add it to FAKEAI_TRUSTED_HOSTS", "code": "host_not_allowed"}}', "does not answer to this name: add it"),
        ("<html>", "FAKEAI_INSIDERS.*<html>"),
    ],
)
def test_a_server_that_refuses_access_is_explained(body: str, advice: str) -> None:
    with server_that_refuses(body) as url, pytest.raises(AccessDenied, match=advice):
        FakeAI.connect(url, timeout=5).session().requests()


def test_a_container_is_run_with_the_right_options(program: str, tmp_path: Path, post: Post) -> None:
    # A stand-in for docker, which does what the options say, without a container.
    store = f"pytest-docker-{os.getpid()}"
    docker = script(
        tmp_path / "docker",
        f"""\
        #!{sys.executable}
        import os, sys
        run, remove, name, _, publish, port, shm, size, *options, image = sys.argv[1:]
        assert [run, remove, name, publish, shm] == ["run", "--rm", "--name", "--publish", "--shm-size"], sys.argv
        assert image == "fakeai-images:test"
        host, published, inner = port.split(":")
        assert (host, inner) == ("127.0.0.1", "8000"), port
        assert options[::2] == ["--env"] * (len(options) // 2), options
        variables = dict(option.split("=", 1) for option in options[1::2])
        assert variables["FAKEAI_HOST"] == "0.0.0.0" and "172.16.0.0/12" in variables["FAKEAI_INSIDERS"], variables
        os.environ.update(variables, FAKEAI_PORT=published, FAKEAI_HOST="127.0.0.1", FAKEAI_IMAGE_STORE_NAME={store!r})
        os.execv({program!r}, [{program!r}, "serve"])
        """,
    )
    try:
        with FakeAI.run_image("fakeai-images:test", command=docker, settings={"FAKEAI_LATENCY": "fixed:1ms"}) as mock:
            session = mock.session()
            assert post(session)[0] == 200
            session.assert_requested(count=1)
    finally:
        for segment in SHARED_MEMORY.glob(f"fakeai-images-{store}-*"):
            shutil.rmtree(segment) if segment.is_dir() else segment.unlink()


def test_a_missing_docker_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProgramNotFound, match="no executable 'docker' or 'podman' to run the container fakeai-images"):
        FakeAI.run_image("fakeai-images")


def test_a_container_that_cannot_run_is_quoted(tmp_path: Path) -> None:
    docker = script(tmp_path / "docker", "#!/bin/sh\necho 'no such image' >&2\nexit 125\n")
    with pytest.raises(ServerExited, match="(?s)ended with status 125.*no such image"):
        FakeAI.run_image("fakeai-images", command=docker)
