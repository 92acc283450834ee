"""A start of `serve` that is refused."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from pool import BINARY, environment


def refusal(*flags: str, **variables: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory(prefix="fakeai-test-") as directory:
        result = subprocess.run(
            [BINARY, "serve", *flags], env=environment(temporary=Path(directory)) | variables,
            capture_output=True, text=True, timeout=20,
        )
        assert not list(Path(directory).iterdir()), "a refused start leaves nothing behind"
        return result
