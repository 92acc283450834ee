"""POST /v1/images/upscales: what it takes, what it gives, what it refuses, and that it counts as what it is."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from pictures import checked_png, recipe
from uploads import data_url, picture

PATH = "/v1/images/upscales"
IRE, USER = "invalid_request_error", "image_generation_user_error"
ID = "0123456789ab8def8123456789abcdef"
"""An ID as images have it, of none."""


@pytest.fixture(scope="module")
def client(pool) -> Iterator[httpx.Client]:
    with pool.client() as client:
        yield client


def sketch(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """A picture with soft and hard edges."""
    image = Image.radial_gradient("L").resize(size)
    image.paste(255, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return Image.merge(mode, [image, ImageChops.invert(image), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image][: len(mode)])


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def upscale(client: httpx.Client, **body: object) -> httpx.Response:
    return client.post(PATH, json=body)


def result(client: httpx.Client, answer: httpx.Response) -> bytes:
    assert answer.status_code == 200, answer.text
    [entry] = answer.json()["data"]
    return base64.b64decode(entry["b64_json"]) if "b64_json" in entry else client.get(entry["url"]).raise_for_status().content


def is_like(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ by no more than what Pillow, which rounds between rows and columns, does to hard edges."""
    return one.size == other.size and max(ImageStat.Stat(ImageChops.difference(one, other)).rms) < 1


def test_a_picture_becomes_larger_as_pillow_does_it(client):
    source = sketch()
    answer = upscale(client, image=data_url(saved(source)))
    body = answer.json()
    assert list(body) == ["created", "data", "output_format", "size"]
    assert (body["output_format"], body["size"]) == ("png", "120x80")
    enlarged = checked_png(result(client, answer), "120x80")
    assert is_like(enlarged, source.resize((120, 80), Image.Resampling.LANCZOS))
    assert not is_like(enlarged, source.resize((120, 80), Image.Resampling.BILINEAR))
    assert recipe(enlarged) | {"prompt": "", "model": "lanczos", "size": "120x80"} == recipe(enlarged)


def test_transparent_pixels_stay_so_and_do_not_bleed(client):
    source = Image.new("RGBA", (16, 16), (0, 255, 0, 0))
    source.paste((200, 0, 0, 255), (4, 4, 12, 12))
    enlarged = checked_png(result(client, upscale(client, image=data_url(saved(source)), scale=4)), "64x64")
    assert enlarged.mode == "RGBA"
    assert enlarged.getpixel((0, 0)) == (0, 0, 0, 0)
    assert enlarged.getpixel((32, 32))[3] == 255
    assert all(green == 0 for _, green, _, _ in enlarged.get_flattened_data())
    flat = Image.open(io.BytesIO(result(client, upscale(client, image=data_url(saved(source)), output_format="jpeg"))))
    assert min(flat.getpixel((0, 0))) > 250


@pytest.mark.parametrize("scale, size", [(2, "120x80"), (2.5, "150x100"), (3, "180x120"), (4, "240x160"), ("4", "240x160")])
@pytest.mark.parametrize("kind", ["form", "JSON"])
def test_scales(client, kind, scale, size):
    file = saved(sketch())
    answer = (
        client.post(PATH, files={"image": ("a.png", file, "image/png")}, data={"scale": scale})
        if kind == "form" else upscale(client, image={"image_url": data_url(file)}, scale=scale)
    )
    assert answer.json()["size"] == size
    checked_png(result(client, answer), size)


@pytest.mark.parametrize("size", ["60x40", "61x41", "90x60", "91x61", "4096x2731"])
def test_sizes(client, size):
    answer = upscale(client, image=data_url(saved(sketch())), size=size)
    assert answer.json()["size"] == size
    checked_png(result(client, answer), size)


@pytest.mark.parametrize("side, size", [((1, 1), "4x4"), ((1, 300), "4x1200"), ((7, 3), "28x12")])
def test_small_and_narrow_pictures(client, side, size):
    checked_png(result(client, upscale(client, image=data_url(picture(side)), scale=4)), size)


@pytest.mark.parametrize("name, kind", [("png", "PNG"), ("jpeg", "JPEG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_formats(client, name, kind):
    answer = upscale(client, image=data_url(saved(sketch(), "JPEG"), "image/jpeg"), output_format=name, response_format="b64_json")
    image = Image.open(io.BytesIO(result(client, answer)))
    assert (image.format, image.size) == (kind, (120, 80))
    assert answer.json()["output_format"] == ("jpeg" if name == "jpg" else name)


def test_a_lower_compression_makes_a_smaller_file(client):
    body = {"image": data_url(saved(sketch((200, 200)))), "output_format": "jpeg"}
    small, large = (len(result(client, upscale(client, output_compression=quality, **body))) for quality in (20, 95))
    assert small < large / 2


def references(client: httpx.Client) -> dict[str, tuple[object, Image.Image]]:
    """Each way to name a picture that the server has, and the picture."""
    answer = client.post("/v1/images/generations", json={"prompt": "a lake", "size": "256x256", "quality": "hd"}).raise_for_status()
    url, id = answer.json()["data"][0]["url"], answer.headers["X-FakeAI-Images"]
    drawn = Image.open(io.BytesIO(client.get(url).content))
    upload = sketch((64, 64))
    file = client.post("/v1/files", files={"file": ("a.png", saved(upload))}, data={"purpose": "vision"}).raise_for_status().json()["id"]
    texts = {"URL": url, "URL with a query": f"{url}?sig=1#x", "path": url.removeprefix(str(client.base_url).rstrip("/")), "ID": id}
    return (
        {name: (text, drawn) for name, text in texts.items()}
        | {"image_url": ({"image_url": url}, drawn), "file": (file, upload), "file_id": ({"file_id": file}, upload)}
    )


def test_pictures_that_the_server_has_are_named_by_url_or_id(client):
    for name, (reference, source) in references(client).items():
        answers = [upscale(client, image=reference)]
        if isinstance(reference, str):
            answers.append(client.post(PATH, files={"image": (None, reference)}))
        for answer in answers:
            enlarged = checked_png(result(client, answer))
            assert is_like(enlarged, source.resize(enlarged.size, Image.Resampling.LANCZOS)), name


def test_a_result_can_be_enlarged_again(client):
    once = upscale(client, image=data_url(picture((10, 10)))).json()["data"][0]["url"]
    assert upscale(client, image=once).json()["size"] == "40x40"


IMAGE = {"image": data_url(picture((64, 64)))}
EXPECTED = "expected a file, a data URL, the URL or the ID of an image that this server has stored, or the ID of a file."

REFUSALS = {
    "no image": ({}, 400, IRE, "image", "missing_required_parameter", "Missing required parameter: 'image'."),
    "a number": ({"image": 1}, 400, IRE, "image", "invalid_type", "expected a string or an object, but got an integer instead."),
    "a list": ({"image": ["a"]}, 400, IRE, "image", "invalid_type", "expected a string or an object, but got an array instead."),
    "no reference": ({"image": "a lake"}, 400, IRE, "image", "invalid_value", EXPECTED),
    "another server": ({"image": "https://example.com/a.png"}, 400, IRE, "image", "invalid_value", EXPECTED),
    "another server's": ({"image": {"image_url": "http://a.test/"}}, 400, IRE, "image.image_url", "invalid_value", EXPECTED),
    "an unknown image": ({"image": ID}, 404, IRE, "image", "image_not_found", f"No such image: '{ID}'. It may have expired."),
    "its URL": ({"image": f"http://a/images/{ID}.png"}, 404, IRE, "image", "image_not_found", f"No such image: '{ID}'."),
    "an unknown file": ({"image": "file-none"}, 404, IRE, "id", None, "No such File object: file-none"),
    "two references": ({"image": {"image_url": "a", "file_id": "b"}}, 400, IRE, "image", "invalid_value", "exactly one of"),
    "no picture": ({"image": data_url(b"none")}, 400, USER, None, "invalid_image_file", "Invalid image file or mode for image 1"),
    "a small scale": (IMAGE | {"scale": 1.5}, 400, IRE, "scale", "decimal_below_min_value", "a value >= 2, but got 1.5 instead."),
    "a large scale": (IMAGE | {"scale": 5}, 400, IRE, "scale", "decimal_above_max_value", "a value <= 4, but got 5 instead."),
    "no scale": (IMAGE | {"scale": "x"}, 400, IRE, "scale", "invalid_type", "expected a number, but got a string instead."),
    "a true scale": (IMAGE | {"scale": True}, 400, IRE, "scale", "invalid_type", "expected a number, but got a boolean instead."),
    "both": (IMAGE | {"scale": 2, "size": "128x128"}, 400, IRE, "size", "invalid_value", "'scale' and 'size' exclude each other"),
    "no size": (IMAGE | {"size": "large"}, 400, USER, "size", "invalid_value", "Expected WIDTHxHEIGHT with sides from 1 to 4096"),
    "a huge size": (IMAGE | {"size": "4097x4097"}, 400, USER, "size", "invalid_value", "Expected WIDTHxHEIGHT"),
    "a smaller size": (IMAGE | {"size": "63x63"}, 400, USER, "size", "invalid_value", "Allowed: at least the image's own, 64x64."),
    "another aspect": (IMAGE | {"size": "128x130"}, 400, USER, "size", "invalid_value", "a size with the proportions of the image, 64x64."),
    "a format": (IMAGE | {"output_format": "gif"}, 400, IRE, "output_format", "invalid_value", "'png', 'jpeg', and 'webp'"),
    "a compression": (IMAGE | {"output_compression": 101}, 400, IRE, "output_compression", "integer_above_max_value", "<= 100"),
    "a response format": (IMAGE | {"response_format": "hex"}, 400, IRE, "response_format", "invalid_value", "'url' and 'b64_json'"),
    "a large result": (
        {"image": data_url(picture((1025, 10))), "scale": 4}, 400, USER, "scale", "invalid_value", "1025x10 no larger than 4096x4096"),
    "a large image": (
        {"image": data_url(picture((2100, 2000))), "size": "4096x3901"}, 400, USER, "image", "invalid_value", "at most 4194304 pixels"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(client, name):
    body, status, kind, param, code, message = REFUSALS[name]
    answer = upscale(client, **body)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["param"], error["code"]) == (status, kind, param, code), error
    assert message in error["message"]


def test_unknown_parameters_are_named_and_have_no_effect(client):
    answer = upscale(client, prompt="a lake", model="dall-e-2", n=3, quality="none", foo=1, **IMAGE)
    assert len(answer.json()["data"]) == 1
    assert answer.headers["X-FakeAI-Ignored"] == "foo; model; prompt; n; quality"


@pytest.mark.parametrize("profile", ["openai", "openai-dalle"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_strict_profile_has_no_upscales(client, profile, method):
    answer = client.request(method, PATH, headers={"X-FakeAI-Profile": profile})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == f"Invalid URL ({method} {PATH})"
    assert "upscales" not in answer.headers.get("X-FakeAI-Reason", "")


@pytest.mark.parametrize("path", ["/images/upscales", "/openai/v1/images/upscales", "/profiles/fakeai/v1/images/upscales"])
def test_other_addresses(client, path):
    assert client.post(path, json=IMAGE).json()["size"] == "128x128"


def counted(pool) -> dict[str, float]:
    families = pool.metrics()
    requests = {
        sample.labels["route"]: sample.value for sample in families["fakeai_requests"].samples
        if sample.name.endswith("_total") and sample.labels["status"] == "200"
    }
    names = ["images_drawn", "images_upscaled"]
    return requests | {name: families[f"fakeai_{name}"].samples[0].value for name in names}


def usage(client: httpx.Client) -> list[dict]:
    page = client.get("/v1/organization/usage/images", params={"start_time": 0}).raise_for_status().json()
    return [(result["num_model_requests"], result["images"]) for result in page["data"][0]["results"]]


def test_an_upscale_counts_as_one_and_as_nothing_else(start):
    pool = start("--workers", "1")
    with pool.client() as client:
        client.post("/v1/images/generations", json={"prompt": "a lake", "size": "256x256"}).raise_for_status()
        before, used = counted(pool), usage(client)
        answer = upscale(client, **IMAGE).raise_for_status()
        after = counted(pool)
        changed = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
        for route in ("/_fakeai/stats", "/metrics", "/v1/organization/usage/images"):
            changed.pop(route, None)
        assert changed == {PATH: 1, "images_drawn": 1, "images_upscaled": 1}
        assert usage(client) == used == [(1, 1)]
        [entry] = [entry for entry in client.get("/_fakeai/requests").json()["requests"] if entry["path"] == PATH]
        assert entry["images"] == [answer.headers["X-FakeAI-Images"]]
        assert (entry["image_format"], entry["status"]) == ("png", 200)


def test_limits_rules_faults_and_latency_apply(client, start):
    assert upscale(client, **IMAGE).headers["x-ratelimit-remaining-images"]
    for fault, status in [("rate_limit", 429), ("server_error", 500), ("generation_failed", 500)]:
        assert client.post(PATH, json=IMAGE, headers={"X-FakeAI-Fault": fault}).status_code == status
    wrong = client.post(PATH, json=IMAGE, headers={"X-FakeAI-Fault": "wrong_size"})
    assert wrong.json()["size"] == "64x64"
    checked_png(result(client, wrong), "64x64")
    assert client.post(PATH, json=IMAGE, headers={"X-FakeAI-Fault": "fewer_images"}).json()["data"] == []
    assert client.post(PATH, json=IMAGE, headers={"X-FakeAI-Latency": "300ms"}).elapsed.total_seconds() > 0.3
    pool = start("--workers", "1")
    with pool.client() as client:
        rules = [{"match": {"route": PATH, "size": "128x128", "model": "lanczos"}, "then": {"fault": "overloaded"}}]
        client.put("/_fakeai/rules", json=rules).raise_for_status()
        assert upscale(client, size="128x128", **IMAGE).status_code == 503
        assert upscale(client, scale=2, **IMAGE).status_code == 200


def test_a_server_that_does_not_draw_makes_up_urls(start):
    with start("--workers", "1", GENERATE_ACTUAL_IMAGES="false").client() as client:
        for image in (IMAGE["image"], ID):
            [entry] = upscale(client, image=image).raise_for_status().json()["data"]
            assert entry["url"].startswith("https://simulated-openai-images.example.com/")
