"""Files that are shown instead of drawn images: exactly, by turns over all workers, and only those of their directory."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest
from PIL import Image, ImageChops, ImageStat

from code_blocks import CATALOG, blocks
from crowd import in_turns
from pool import BINARY, Pool, environment
from processes import eventually

SIZES = ["256x256", "512x512", "1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792", "2048x2048", "3840x2160"]
GUIDE = CATALOG / "Guides/Your-own-pictures.md"


def picture(size: str, seed: int = 0, mode: str = "RGB") -> Image.Image:
    """No two seeds give the same."""
    width, height = (int(side) for side in size.split("x"))
    bands = [Image.linear_gradient("L").rotate(90 * turn).resize((width, height)) for turn in range(len(mode))]
    noise = Image.frombytes("L", (64, 64), random.Random(seed).randbytes(64 * 64)).resize((width, height))
    return Image.merge(mode, [ImageChops.add_modulo(band, noise) for band in bands])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shown") / "pictures"
    folder.mkdir()
    for size in SIZES:
        picture(size).save(folder / f"{size}.png", compress_level=1)
    for seed, name in enumerate("abc", start=1):
        picture("256x256", seed).save(folder / f"{name}.png")
    picture("256x256", mode="RGBA").save(folder / "clear.png")
    wide = picture("900x400")
    wide.save(folder / "wide.png")
    wide.save(folder / "wide.jpg", quality=95)
    wide.save(folder / "wide.webp", lossless=True)
    (folder.parent / "outside.png").write_bytes((folder / "a.png").read_bytes())
    (folder / "link.png").symlink_to("../outside.png")
    (folder / ".hidden.png").write_bytes((folder / "a.png").read_bytes())
    return folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[Pool]:
    pool = Pool("--workers", "4", "--pictures", str(folder))
    try:
        pool.start()
        yield pool
    finally:
        pool.close()


def put(pool: Pool, rules: list) -> httpx.Response:
    return httpx.put(f"{pool.url}/_fakeai/rules", json=rules, timeout=30)


def ask(pool: Pool, *, headers: dict | None = None, **parameters: object) -> httpx.Response:
    given = {"prompt": "A lake", "model": "dall-e-2", "size": "256x256", "response_format": "b64_json"} | parameters
    return httpx.post(f"{pool.url}/v1/images/generations", json=given, headers=headers, timeout=60)


def images(answer: httpx.Response) -> list[Image.Image]:
    assert answer.status_code == 200, answer.text
    files = [
        base64.b64decode(image["b64_json"]) if image.get("b64_json") else httpx.get(image["url"], timeout=30).content
        for image in answer.json()["data"]
    ]
    return [opened(file) for file in files]


def opened(file: bytes | Path) -> Image.Image:
    image = Image.open(io.BytesIO(file) if isinstance(file, bytes) else file)
    image.load()
    return image


def same(one: Image.Image, other: Image.Image) -> bool:
    return (one.mode, one.size, one.tobytes()) == (other.mode, other.size, other.tobytes())


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean) / 3


def covering(image: Image.Image, width: int, height: int) -> Image.Image:
    """The middle of an image, in whole pixels, scaled by Pillow."""
    if image.width * height > image.height * width:
        part = (round(image.height * width / height), image.height)
    else:
        part = (image.width, round(image.width * height / width))
    left, top = (image.width - part[0]) // 2, (image.height - part[1]) // 2
    return image.crop((left, top, left + part[0], top + part[1])).resize((width, height), Image.Resampling.LANCZOS)


@pytest.fixture(scope="module")
def names(folder: Path) -> Callable[[httpx.Response], list[str]]:
    """Tells which of the small files a response shows."""
    known = {name: opened(folder / name) for name in ("a.png", "b.png", "c.png")}
    return lambda answer: [next((name for name, file in known.items() if same(file, image)), "other") for image in images(answer)]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_the_size_comes_back_with_the_same_pixels(shown, folder, size):
    put(shown, [{"then": {"picture": f"{size}.png"}}])
    file = opened(folder / f"{size}.png")
    for form in ("url", "b64_json"):
        [image] = images(ask(shown, model="gpt-image-2" if size in SIZES[-2:] else "any", size=size, response_format=form))
        assert same(image, file)


def test_an_alpha_channel_comes_back_too(shown, folder):
    put(shown, [{"then": {"picture": "clear.png"}}])
    [image] = images(ask(shown))
    assert same(image, opened(folder / "clear.png"))


@pytest.mark.parametrize("size", ["256x256", "1024x1024", "1792x1024", "1024x1536"])
@pytest.mark.parametrize("name", ["wide.png", "wide.jpg", "wide.webp"])
def test_another_size_is_covered_as_pillow_covers_it(shown, folder, name, size):
    width, height = (int(side) for side in size.split("x"))
    expected = covering(opened(folder / name).convert("RGB"), width, height)
    [image] = images(ask(shown, model="any", size=size, headers={"X-FakeAI-Picture": name}))
    # Pillow rounds between rows and columns, and may round otherwise when it decodes JPEG.
    assert mean_difference(image, expected) < 1


@pytest.mark.parametrize("form", ["jpeg", "webp", "gif"])
def test_a_file_is_shown_in_every_format(shown, folder, form):
    answer = ask(shown, model="gpt-image-2", size="1024x1024", output_format=form, headers={"X-FakeAI-Picture": "1024x1024.png"})
    [image] = images(answer)
    assert image.format == form.upper()
    assert mean_difference(image, opened(folder / "1024x1024.png")) < 12


def test_turns_are_exact_over_all_workers(shown, names):
    assert put(shown, [{"match": {"prompt": "lake"}, "then": {"picture": ["a.png", "b.png", "c.png"]}}]).status_code == 200
    assert [names(ask(shown, n=n)) for n in (2, 2, 1)] == [["a.png", "b.png"], ["c.png", "a.png"], ["b.png"]]
    body = {"prompt": "A lake", "model": "dall-e-2", "size": "256x256", "response_format": "b64_json", "n": 2}
    replies = asyncio.run(in_turns(shown.port, 300, 16, body))
    assert len({reply.headers["x-fakeai-worker"] for reply in replies}) == 4
    # 601 images: the turn after the first five is that of c.
    shown_files = Counter(name for reply in replies for name in names(httpx.Response(200, content=reply.body)))
    assert shown_files == {"a.png": 200, "b.png": 200, "c.png": 200}
    assert names(ask(shown)) == ["c.png"]


def test_a_client_that_tries_again_gets_the_picture_that_it_would_have_got(shown, names):
    put(shown, [{"when": {"first": 2}, "then": {"fault": "rate_limit", "retry_after": "10ms"}}, {"then": {"picture": ["a.png", "b.png"]}}])
    assert [ask(shown).status_code for _ in range(2)] == [429, 429]
    assert names(ask(shown)) == ["a.png"]


def test_sessions_have_turns_of_their_own(shown, names):
    rules = [{"then": {"picture": ["a.png", "b.png"]}}]
    for session in ("one", "other"):
        httpx.put(f"{shown.url}/_fakeai/rules?session={session}", json=rules).raise_for_status()
    answers = [names(ask(shown, headers={"X-FakeAI-Session": session})) for session in ("one", "one", "other")]
    assert answers == [["a.png"], ["b.png"], ["a.png"]]


def test_a_stream_shows_the_file_at_last(shown, folder):
    put(shown, [{"then": {"picture": "1024x1024.png"}}])
    client = openai.OpenAI(base_url=f"{shown.url}/v1", api_key="test")
    events = list(client.images.generate(model="gpt-image-1", prompt="A lake", size="1024x1024", stream=True, partial_images=2))
    shows = [opened(base64.b64decode(event.b64_json)) for event in events]
    file = opened(folder / "1024x1024.png")
    assert same(shows[-1], file)
    differences = [mean_difference(image, file) for image in shows]
    assert len(differences) == 3 and differences == sorted(differences, reverse=True) and differences[1] > 0


def test_edits_variations_and_the_responses_api_show_files(shown, folder):
    put(shown, [{"then": {"picture": "1024x1024.png"}}])
    client = openai.OpenAI(base_url=f"{shown.url}/v1", api_key="test")
    upload = ("a.png", (folder / "a.png").read_bytes(), "image/png")
    file = opened(folder / "1024x1024.png")
    edit = client.images.edit(model="gpt-image-1", image=upload, prompt="A lake", size="1024x1024")
    variation = client.images.create_variation(model="dall-e-2", image=upload, size="1024x1024", response_format="b64_json")
    tool = {"type": "image_generation", "size": "1024x1024"}
    response = client.responses.create(model="gpt-5", input="A lake", tools=[tool])
    call = next(item for item in response.output if item.type == "image_generation_call")
    for encoded in (edit.data[0].b64_json, variation.data[0].b64_json, call.result):
        assert same(opened(base64.b64decode(encoded)), file)


def test_a_file_that_changes_is_noticed_by_every_worker(start, tmp_path):
    pool = start("--workers", "3", PICTURES=tmp_path)
    for seed in range(6):
        picture("256x256", seed).save(tmp_path / "new.png")
        os.replace(tmp_path / "new.png", tmp_path / "cat.png")
        file = opened(tmp_path / "cat.png")
        workers = set()
        while len(workers) < 3:
            answer = ask(pool, headers={"X-FakeAI-Picture": "cat.png"})
            assert same(images(answer)[0], file)
            workers.add(answer.headers["x-fakeai-worker"])


def test_a_file_that_is_gone_or_broken_is_named_in_the_answer_and_in_the_log(start, tmp_path):
    for name in ("gone", "broken"):
        picture("256x256").save(tmp_path / f"{name}.png")
    pool = start("--workers", "1", PICTURES=tmp_path)
    put(pool, [{"match": {"prompt": name}, "then": {"picture": f"{name}.png"}} for name in ("gone", "broken")])
    (tmp_path / "gone.png").unlink()
    (tmp_path / "broken.png").write_bytes((tmp_path / "broken.png").read_bytes()[:500])
    for name, problem in [("gone", "it is not in the directory of pictures"), ("broken", "it is a PNG file that cannot be decoded")]:
        answer = ask(pool, prompt=f"a {name} one")
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (500, "picture_unusable")
        assert f'"{name}.png"' in error["message"] and problem in error["message"]
        line = f'request {answer.headers["x-request-id"]}: the picture "{name}.png"'
        eventually(lambda line=line: line in pool.log, within=5, what=line)
    assert images(ask(pool, prompt="A lake"))


def test_workers_that_are_replaced_warn_of_rules_without_their_files(start, tmp_path):
    picture("256x256").save(tmp_path / "cat.png")
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"then": {"picture": "cat.png"}}]))
    pool = start("--workers", "1", PICTURES=tmp_path, RULES=rules)
    (tmp_path / "cat.png").unlink()
    old = pool.workers
    pool.process.send_signal(signal.SIGHUP)
    eventually(lambda: pool.workers and not pool.workers & old, within=20, what="another worker")
    assert 'rule 1.then.picture is "cat.png": it is not in the directory of pictures' in pool.log
    assert ask(pool).status_code == 500


# MARK: Mistakes and attacks

HOSTILE = [
    "../outside.png", "/etc/passwd", "./a.png", "link.png", ".hidden.png", ".", "..", "pictures/a.png", "..\\outside.png",
    "%2e%2e/outside.png", "a.png/", "a.png/../../outside.png", "/proc/self/root/etc/hostname", "~/a.png", "*", "a" * 256, "a" * 255,
    "C:a.png", "a.png\t", "file:a.png",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leads_elsewhere_is_refused_everywhere(shown, name):
    in_rule = put(shown, [{"then": {"picture": [name]}}])
    assert (in_rule.status_code, in_rule.json()["error"]["code"]) == (400, "invalid_rules")
    assert "rule 1.then.picture" in in_rule.json()["error"]["message"]
    misspelt = name.strip() + "x"
    for answer in (ask(shown, headers={"X-FakeAI-Picture": misspelt}), ask(shown, prompt=f"A lake [[fakeai picture={misspelt}]]")):
        assert answer.status_code == 400 and "Invalid value for" in answer.json()["error"]["message"]


def test_no_name_shows_what_is_elsewhere(shown, folder):
    """Names of all kinds of pieces: whatever is answered is one of the files, or the client's mistake."""
    chance = random.Random(7)
    pieces = [
        "..", ".", "/", "\\", "a.png", "link.png", "outside.png", ".hidden.png", "%00", "%2f", "~", "é", "\u202e", "\u2024",
        "/etc/passwd", " ",
    ]  # fmt: skip
    files = {path.name for path in folder.iterdir()}
    with httpx.Client(base_url=shown.url, timeout=30) as client:
        for _ in range(300):
            name = "".join(chance.choices(pieces, k=chance.randint(1, 4)))
            rules = json.dumps([{"match": {"route": "/none"}, "then": {"picture": name}}])
            answer = client.put("/_fakeai/rules", content=rules, headers={"Content-Type": "application/json"})
            allowed = name in files - {"link.png", ".hidden.png"}
            assert answer.status_code == (200 if allowed else 400), name
    put(shown, [])


def serve(*arguments: str, folder: Path) -> str:
    """The only line of a server that does not start."""
    command = [BINARY, "serve", "--port", "0", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(temporary=folder), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (64, "")
    [line] = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("path", ["nope", "file", "loop"])
def test_a_directory_that_cannot_be_read_is_answered_with_one_line(tmp_path, path):
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    line = serve("--pictures", path, folder=tmp_path)
    assert line == f'fakeai-images: --pictures is "{path}"; allowed: the path of a directory that can be read'


def test_rules_with_an_unknown_file_are_answered_with_one_line(tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text('[{"then": {}}, {"then": {"picture": ["cat.png", "dgo.png"]}}]')
    line = serve("--rules", "rules.json", folder=tmp_path)
    assert line == (
        'fakeai-images: FAKEAI_RULES: rules.json: rule 2.then.picture[0] is "cat.png": '
        "the server has no directory of pictures (FAKEAI_PICTURES)"
    )
    for name in ("cat.png", "dog.png"):
        picture("256x256").save(tmp_path / name)
    line = serve("--rules", "rules.json", "--pictures", ".", folder=tmp_path)
    assert line == (
        'fakeai-images: FAKEAI_RULES: rules.json: rule 2.then.picture[1] is "dgo.png" (did you mean dog.png?): '
        "it is not in the directory of pictures (FAKEAI_PICTURES)"
    )


# MARK: The guide Your-own-pictures

def test_the_code_of_the_guide_runs(start, tmp_path, monkeypatch):
    """Somebody who types what the page shows, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/fakeai-images").symlink_to(BINARY)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    pool, page = None, list(blocks(GUIDE))
    assert len(page) >= 4
    for block in page:
        lines = block.text.splitlines()
        text = "\n".join(line for line in lines if not line.startswith("fakeai-images serve"))
        if pool:
            text = text.replace("localhost:8000", f"127.0.0.1:{pool.port}")
        if block.language == "python":
            exec(compile(text, str(block), "exec"), {"__name__": "page"})
        elif block.language == "sh":
            command = ["bash", "-euo", "pipefail", "-c", text.replace("curl ", "curl -sS ")]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and '"error"' not in done.stdout, f"{block}: {done.stdout}{done.stderr}"
        else:
            json.loads(text)
        if served := [line for line in lines if line.startswith("fakeai-images serve")]:
            pool = start(*served[0].split()[2:])
    assert pool
