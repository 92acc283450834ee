"""Images by layouts of one's own: in every format and form, by each way to choose one, and with one line for each mistake."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from code_blocks import CATALOG, ROOT, blocks
from pool import BINARY, Pool, environment

GUIDE = CATALOG / "Guides/Templates.md"
EXAMPLES = ROOT / "deploy/templates"
SIZES = ["256x256", "512x512", "1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792", "2048x2048", "3840x2160"]
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "templates"
    folder.mkdir()
    for name, colour in COLOURS.items():
        (folder / f"{name}.json").write_text(json.dumps({"layers": [{"fill": "#" + "".join(f"{level:02x}" for level in colour)}]}))
    for file in EXAMPLES.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    pool = Pool("--workers", "2", "--templates", str(folder), "--template", "blue")
    try:
        pool.start()
        yield pool
    finally:
        pool.close()


def ask(pool: Pool, template: str | None = None, **parameters: object) -> httpx.Response:
    given = {"prompt": "A lake", "model": "dall-e-2", "size": "256x256", "response_format": "b64_json"} | parameters
    headers = {} if template is None else {"X-FakeAI-Template": template}
    return httpx.post(f"{pool.url}/v1/images/generations", json=given, headers=headers, timeout=60)


def files(answer: httpx.Response) -> list[bytes]:
    assert answer.status_code == 200, answer.text
    return [
        base64.b64decode(image["b64_json"]) if image.get("b64_json") else httpx.get(image["url"], timeout=30).content
        for image in answer.json()["data"]
    ]


def images(answer: httpx.Response) -> list[Image.Image]:
    return [Image.open(io.BytesIO(file)) for file in files(answer)]


def names(answer: httpx.Response) -> list[str]:
    """The templates of an answer, by the colour in the corner of each image."""
    return [
        next((name for name, colour in COLOURS.items() if image.convert("RGB").getpixel((0, 0)) == colour), "other")
        for image in images(answer)
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["card", "label", "poster"])
def test_the_examples_are_drawn_at_every_size(pool, name, size):
    [image] = images(ask(pool, name, model="gpt-image-2" if size in SIZES[-2:] else "any", size=size))
    assert image.size == tuple(int(side) for side in size.split("x"))
    assert json.loads(image.text["fakeai"])["template"] == name
    assert len(image.convert("RGB").getcolors(1 << 24)) >= 8


@pytest.mark.parametrize("form", ["url", "b64_json"])
@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp", "gif", "svg"])
def test_every_format_and_form_shows_a_template(pool, output_format, form):
    [file] = files(ask(pool, "red", model="gpt-image-1", size="1024x1024", output_format=output_format, response_format=form))
    if output_format == "svg":
        file = base64.b64decode(file.split(b"base64,")[1].split(b'"')[0])
    red, green, blue = Image.open(io.BytesIO(file)).convert("RGB").getpixel((500, 500))
    assert red > 250 and green < 5 and blue < 5


def test_each_way_to_choose_a_template(pool):
    assert names(ask(pool)) == ["blue"]
    rules = [{"match": {"prompt": "lake"}, "then": {"template": "green"}}]
    httpx.put(f"{pool.url}/_fakeai/rules", json=rules, timeout=30).raise_for_status()
    try:
        assert names(ask(pool)) == ["green"]
        assert names(ask(pool, prompt="A cat")) == ["blue"]
        assert names(ask(pool, prompt="A lake [[fakeai template=red]]", n=2)) == ["red", "red"]
        assert names(ask(pool, "blue", prompt="A lake [[fakeai template=red]]")) == ["blue"]
        assert names(ask(pool, "none")) == ["other"]
    finally:
        httpx.delete(f"{pool.url}/_fakeai/rules", timeout=30)


def test_the_templates_that_are_built_in_draw_the_same_pixels(pool):
    for name, quality in (("standard", "standard"), ("hd", "hd")):
        asked = {"model": "dall-e-3", "size": "1024x1024", "quality": quality}
        [plain] = images(ask(pool, "none", **asked))
        [built_in] = images(ask(pool, name, **asked))
        # The watermark has the time of each request.
        box = (0, 0, 1024, 900)
        assert plain.crop(box).tobytes() == built_in.crop(box).tobytes()


def test_a_file_that_is_replaced_is_used_at_once(pool, folder):
    def write(colour: str) -> None:
        (folder / "new.json").write_text(json.dumps({"layers": [{"fill": colour}]}))
        (folder / "new.json").rename(folder / "changing.json")

    for colour, name in [("#f00", "red"), ("#0f0", "green"), ("#00f", "blue")]:
        write(colour)
        assert [names(ask(pool, "changing")) for _ in range(4)] == [[name]] * 4


def test_a_mistake_is_answered_with_its_place(pool, folder):
    (folder / "broken.json").write_text('{\n  "layers": [\n    {"fill": "blau"}\n  ]\n}\n')
    answer = ask(pool, "broken")
    assert answer.status_code == 400
    assert "broken.json:3:14: \"blau\" (did you mean blue?)" not in answer.text  # Colours have no names.
    assert "broken.json:3:14: \\\"blau\\\" is not a fill; allowed: look, card" in answer.text
    (folder / "broken.json").unlink()


def run(place: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    given = environment(temporary=place) | variables
    return subprocess.run([BINARY, *arguments], cwd=place, env=given, capture_output=True, text=True, timeout=60)


def test_check_prints_a_line_for_each_mistake(tmp_path):
    (tmp_path / "good.json").write_text('{"layers": [{"fill": "look"}]}')
    (tmp_path / "bad.json").write_text('{\n "layers": [\n  {"fill": "look", "opacity": 2},\n  {"text": "{promt}"}]}')
    (tmp_path / "worse.json").write_text("{")
    done = run(tmp_path, "templates", "check", ".")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["bad.json:3:31:", "bad.json:4:13:", "worse.json:1:2:"]
    assert "allowed: a number from 0 to 1" in lines[0] and "(did you mean prompt?)" in lines[1]
    for arguments in (["good.json"], ["./good.json"], [str(tmp_path / "good.json")]):
        assert (run(tmp_path, "templates", "check", *arguments).returncode, done.stderr) == (0, "")
    done = run(tmp_path, "templates", "check", FAKEAI_TEMPLATES=str(tmp_path))
    assert done.returncode == 1 and done.stdout.startswith(f"{tmp_path}/bad.json:3:31: ")


@pytest.mark.parametrize(("arguments", "line"), [
    (["check"], "there is nothing to check; name files or directories, or set FAKEAI_TEMPLATES"),
    (["check", "nope"], "nope is neither a directory that can be read nor a file whose name ends with .json"),
    (["print", "standrad"], 'the template "standrad" (did you mean standard?): there is no such template; allowed: none, hd, standard, '
     "because the server has no directory of templates (FAKEAI_TEMPLATES)"),
])
def test_the_commands_answer_mistakes_with_one_line(tmp_path, arguments, line):
    done = run(tmp_path, "templates", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (64, "", f"fakeai-images: {line}\n")


def test_list_and_print(tmp_path):
    (tmp_path / "card.json").write_text('{"description": "A card", "layers": [{"fill": "look"}]}')
    done = run(tmp_path, "templates", "list", "--templates", ".")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["card", "hd", "standard"]
    assert "card      A card" in done.stdout
    printed = run(tmp_path, "templates", "print", "hd").stdout
    assert len(json.loads(printed)["layers"]) == 4
    (tmp_path / "mine.json").write_text(printed)
    assert run(tmp_path, "templates", "check", "mine.json").returncode == 0


@pytest.mark.parametrize("quality", ["standard", "hd"])
def test_generate_draws_by_a_template(tmp_path, quality):
    fixed = {"FAKEAI_IMAGE_TIMESTAMP": "2026-01-02 03:04:05"}
    (tmp_path / "mine.json").write_text(run(tmp_path, "templates", "print", quality).stdout)
    for name, more in (("plain", []), ("named", ["--template", quality]), ("own", ["--template", "mine.json"])):
        done = run(tmp_path, "generate", "A lake", "--quality", quality, "-o", f"{name}.png", *more, **fixed)
        assert done.returncode == 0, done.stderr
    pixels = {name: Image.open(tmp_path / f"{name}.png").tobytes() for name in ("plain", "named", "own")}
    assert pixels["plain"] == pixels["named"] == pixels["own"]


def test_generate_answers_a_mistake_with_one_line(tmp_path):
    (tmp_path / "bad.json").write_text('{"layers": [{"fill": "blau"}]}')
    done = run(tmp_path, "generate", "A lake", "--template", "bad.json")
    assert done.returncode == 64 and done.stderr.startswith('fakeai-images: --template is "bad": bad.json:1:22: "blau" is not a fill')
    done = run(tmp_path, "generate", "A lake", "--template", "crad", FAKEAI_TEMPLATES=str(tmp_path))
    assert done.returncode == 64 and "there is no such template; allowed: none, bad, hd, standard" in done.stderr


@pytest.mark.parametrize(("arguments", "line"), [
    (["--template", "card"], 'FAKEAI_TEMPLATE is "card": there is no such template'),
    (["--templates", ".", "--template", "bad"], 'FAKEAI_TEMPLATE is "bad": bad.json:1:22: "blau" is not a fill'),
    (["--templates", ".", "--rules", "rules.json"], 'FAKEAI_RULES: rules.json: rule 1.then.template is "bad": bad.json:1:22'),
    (["--templates", "nope"], '--templates is "nope"; allowed: the path of a directory that can be read'),
])
def test_a_server_with_a_mistake_says_so_in_one_line(tmp_path, arguments, line):
    (tmp_path / "bad.json").write_text('{"layers": [{"fill": "blau"}]}')
    (tmp_path / "rules.json").write_text('[{"then": {"template": "bad"}}]')
    done = run(tmp_path, "serve", "--port", "0", *arguments)
    assert (done.returncode, done.stdout) == (64, "")
    [told] = done.stderr.splitlines()
    assert told.startswith(f"fakeai-images: {line}")


def test_the_examples_have_no_mistakes():
    done = run(EXAMPLES, "templates", "check", ".")
    assert (done.returncode, done.stdout) == (0, "")


# MARK: The guide Templates

def test_the_code_of_the_guide_runs(start, tmp_path, monkeypatch):
    """Somebody who types what the page shows, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/fakeai-images").symlink_to(BINARY)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    page = [block for block in blocks(GUIDE) if block.language in ("sh", "json")]
    assert [block.language for block in page] == ["sh", "json", "sh"]
    pool = None
    for block in page:
        if block.language == "json":
            (tmp_path / "templates/card.json").write_text(block.text)
            (tmp_path / "templates/logo.png").write_bytes((EXAMPLES / "logo.png").read_bytes())
            continue
        lines = block.text.splitlines()
        text = "\n".join(line for line in lines if not line.startswith("fakeai-images serve"))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (str(block), done.stderr)
        for line in lines:
            if line.startswith("fakeai-images serve"):
                pool = start(*line.split()[2:])
    assert Image.open(tmp_path / "lake.png").size == (1024, 1024)
    [image] = images(httpx.post(
        f"{pool.url}/v1/images/generations", json={"prompt": "A lake", "model": "gpt-image-1", "size": "1024x1024"}, timeout=60))
    assert json.loads(image.text["fakeai"])["template"] == "card"
