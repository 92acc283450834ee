"""Every Python example of the README runs, and those of the guide Testing-with-pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
GUIDE = PACKAGE.parents[1] / "Sources/fakeai-images/Documentation.docc/Guides/Testing-with-pytest.md"


def examples(readme: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", readme.read_text(), re.DOTALL | re.MULTILINE)


EXAMPLES = examples(PACKAGE / "README.md")
TESTS = [example for example in EXAMPLES + ["\n".join(examples(GUIDE))] if "def test_" in example]
PROGRAMS = [example for example in EXAMPLES if "def test_" not in example]


def test_the_tests_in_the_readme_pass(pytester: pytest.Pytester, program: str) -> None:
    for number, example in enumerate(TESTS):
        pytester.path.joinpath(f"test_example_{number}.py").write_text(example)
    count = sum(example.count("\ndef test_") for example in TESTS)
    pytester.runpytest_subprocess("--fakeai-program", program).assert_outcomes(passed=count)


@pytest.mark.parametrize("example", PROGRAMS)
def test_a_program_in_the_readme_runs(example: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # By the name under which it is installed.
    (tmp_path / "fakeai-images").symlink_to(Path(program).resolve())
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    subprocess.run([sys.executable, "-c", example], check=True, timeout=60)


def test_the_readme_has_both_kinds_of_examples() -> None:
    assert len(TESTS) >= 5 and len(PROGRAMS) == 1
