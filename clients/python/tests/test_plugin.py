"""The pytest plugin, in pytest runs of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fakeai_images import FakeAI

USES_IT = """
    import urllib.request

    def test_it(fakeai):
        urllib.request.urlopen(urllib.request.Request(fakeai.base_url + "/models", headers=fakeai.headers), timeout=10).close()
        fakeai.assert_requested(count=1, path="/v1/models")
"""


def no_pools() -> bool:
    return not list(Path("/dev/shm").glob(f"fakeai-images-pytest-{os.getpid()}-*"))


def test_a_test_that_fails_lists_its_requests_and_ends_the_server(pytester: pytest.Pytester, program: str) -> None:
    pytester.makepyfile(USES_IT + "        assert False\n")
    result = pytester.runpytest_subprocess("--fakeai-program", program)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- fakeai-images -*", "session test_it-* received 1 request:", "  1. GET /v1/models -> 200 in * ms"])
    left = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert not [line for line in left if str(pytester.path).encode() in line]


def test_each_worker_of_xdist_has_a_server(pytester: pytest.Pytester, program: str) -> None:
    pytester.makepyfile(
        """
        import pathlib, time

        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_it(fakeai, number, worker_id):
            pathlib.Path(f"{worker_id}.url").write_text(fakeai.url)
            for _ in range(1000):
                if len(list(pathlib.Path().glob("*.url"))) == 2:
                    return
                time.sleep(0.02)
            pytest.fail("the other worker has not started")
        """
    )
    pytester.runpytest_subprocess("-n", "2", "--fakeai-program", program).assert_outcomes(passed=2)
    assert len({path.read_text() for path in pytester.path.glob("*.url")}) == 2


def test_workers_of_xdist_share_a_server_by_its_address(pytester: pytest.Pytester, fakeai_server: FakeAI) -> None:
    pytester.makepyfile(
        """
        import os, urllib.request

        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_it(fakeai, number):
            assert fakeai.url == os.environ["FAKEAI_URL"]
            for _ in range(5):
                urllib.request.urlopen(urllib.request.Request(fakeai.base_url + "/models", headers=fakeai.headers), timeout=10).close()
            fakeai.assert_requested(count=5)
        """
    )
    os.environ["FAKEAI_URL"] = fakeai_server.url
    try:
        pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=8)
    finally:
        del os.environ["FAKEAI_URL"]


def test_settings_and_program_come_from_the_configuration_file(pytester: pytest.Pytester, program: str) -> None:
    pytester.makeini(f"[pytest]\nfakeai_program = {program}\nfakeai_settings =\n  FAKEAI_PROFILE=openai\n  FAKEAI_WORKERS=1\n")
    pytester.makepyfile(
        """
        import json, urllib.request

        def test_it(fakeai_environment):
            import os
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/models", headers={"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
            with urllib.request.urlopen(request, timeout=10) as response:
                assert "dall-e-3" not in {model["id"] for model in json.load(response)["data"]}
            fakeai_environment.assert_requested(count=1)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fakeai-url", "http://127.0.0.1:1", "--fakeai-image", "x"], "give one of --fakeai-url and --fakeai-image, not both"),
        (["--fakeai-url", "http://127.0.0.1:1", "--fakeai-timeout", "0"], "http://127.0.0.1:1 was not ready after 0 s"),
        (["--fakeai-program", "/nowhere"], "no executable '/nowhere'"),
    ],
)
def test_a_server_that_cannot_be_had_is_explained(pytester: pytest.Pytester, arguments: list[str], message: str) -> None:
    pytester.makepyfile(USES_IT)
    result = pytester.runpytest_subprocess(*arguments)
    assert result.ret != 0
    assert message in result.stdout.str() + result.stderr.str()
