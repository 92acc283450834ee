"""Each folder has an environment of its own: `make test-clients` runs all of them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

OPENAI = "0"
try:
    OPENAI = version("openai")
except PackageNotFoundError:
    pass

collect_ignore = [
    folder
    for folder, is_installed in {
        "litellm_proxy": find_spec("litellm_enterprise"),
        "crewai": find_spec("crewai_tools"),
        "image_mcp": find_spec("openai_image_mcp"),
        "openai_0_28": OPENAI.startswith("0.28."),
        "openai_1_12": OPENAI.startswith("1.12."),
    }.items()
    if not is_installed
]
