"""The examples of the documentation that the product grew from, run as they stand; only the port is another."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from openai import OpenAI
from PIL import Image

from pictures import checked_png, recipe
from pool import Pool

EXAMPLES = Path(__file__).parent / "examples"
WRITTEN_FOR = "http://localhost:8000"


def example(name: str, pool: Pool) -> str:
    text = (EXAMPLES / name).read_text()
    return text.replace(WRITTEN_FOR, f"http://localhost:{pool.port}")


@pytest.fixture
def run(pool, tmp_path, monkeypatch, capsys):
    """Runs a Python example in an empty folder; returns its variables and the lines it printed."""
    monkeypatch.chdir(tmp_path)

    def run(name: str) -> tuple[dict, list[str]]:
        variables = {"client": OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0)}
        exec(compile(example(name, pool), name, "exec"), variables)
        return variables, capsys.readouterr().out.splitlines()

    return run


def test_with_openai_client(run, pool, tmp_path):
    variables, printed = run("openai_client.py")
    assert len(printed) == 2
    for line in printed:
        url = line.removeprefix("Image URL: ")
        assert url.startswith(f"http://localhost:{pool.port}/images/")
        told = recipe(checked_png(httpx.get(url).content, "1024x1024"))
        assert (told["prompt"], told["quality"], told["style"]) == ("A beautiful sunset over mountains", "hd", "vivid")

    told = recipe(checked_png(variables["img_data"], "512x512"))
    assert (told["prompt"], told["quality"], told["style"]) == ("A futuristic city skyline", "standard", "natural")
    with Image.open(tmp_path / "output.png") as saved:
        assert saved.size == (512, 512)


def test_all_sizes(run):
    _, printed = run("all_sizes.py")
    assert [line.partition(":")[0] for line in printed] == ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"]
    for line in printed:
        size, _, url = line.partition(": ")
        checked_png(httpx.get(url).content, size)


def test_quality_comparison(run):
    variables, _ = run("quality_comparison.py")
    for name in ["standard", "hd"]:
        told = recipe(checked_png(httpx.get(variables[name].data[0].url).content, "1024x1024"))
        assert (told["quality"], told["prompt"]) == (name, "Mountain landscape")


def test_style_comparison(run):
    variables, _ = run("style_comparison.py")
    for name in ["vivid", "natural"]:
        told = recipe(checked_png(httpx.get(variables[name].data[0].url).content, "1024x1024"))
        assert (told["style"], told["prompt"]) == (name, "Abstract art")


def test_multiple_images(run):
    _, printed = run("multiple_images.py")
    assert [line.partition(": ")[0] for line in printed] == [f"Image {number}" for number in range(1, 6)]
    bodies = [httpx.get(line.partition(": ")[2]).content for line in printed]
    assert len({checked_png(body, "1024x1024").getpixel((1, 1)) for body in bodies}) == 5


def test_direct_api_with_curl(pool, tmp_path):
    """Two commands; the second fetches `abc123`, which stands for what the first answered."""
    generate, retrieve = example("direct_api.sh", pool).split("# Retrieve the generated image\n")
    answer = subprocess.run(["bash", "-ec", generate], capture_output=True, text=True, timeout=20, check=True).stdout
    identifier = re.search(rf'"http://localhost:{pool.port}/images/([0-9a-f]+)\.png"', answer).group(1)
    subprocess.run(
        ["bash", "-ec", retrieve.replace("abc123", identifier)], cwd=tmp_path, capture_output=True, timeout=20, check=True
    )
    assert recipe(checked_png((tmp_path / "output.png").read_bytes(), "1024x1024"))["prompt"] == "A serene lake at sunset"
