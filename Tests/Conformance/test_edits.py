"""Edits and variations: refusals by the byte, and what the official client gets."""

from __future__ import annotations

import asyncio
import base64
import io

import httpx
import openai
import pytest
from PIL import Image, ImageStat

from edit_rows import FORM_ROWS, JSON_ROWS, ORDER
from pictures import checked_png, recipe, vector_recipe
from rows import IRE, OPENAI, in_order, written
from schema import valid
from uploads import data_url, picture

# The client calls variations so.
pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def client(pool):
    with httpx.Client(base_url=pool.url, timeout=30, headers={"Authorization": "Bearer test"}) as client:
        yield client


@pytest.mark.parametrize("row", [*JSON_ROWS, *FORM_ROWS], ids=str)
def test_a_refusal_is_the_real_one_to_the_byte(client, row):
    answer = client.post(f"/v1/images/{row.path}", headers={"X-FakeAI-Profile": row.profile}, **row.request)
    assert answer.content == written(row.error)
    assert answer.status_code == 400


@pytest.mark.parametrize("body, refused", in_order(ORDER), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_checked_first_is_refused_first(client, body, refused):
    answer = client.post("/v1/images/edits", json=body, headers={"X-FakeAI-Profile": OPENAI})
    assert answer.json()["error"]["param"] == refused


def test_variations_are_no_more_in_todays_api(client):
    answer = client.post("/v1/images/variations", headers={"X-FakeAI-Profile": "openai"}, files={"image": b"x"})
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize(
    "path, accepted", [("edits", "'application/json' and 'multipart/form-data'"), ("variations", "'multipart/form-data'")]
)
def test_another_content_type_is_refused(client, path, accepted):
    answer = client.post(f"/v1/images/{path}", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.json()["error"] == {
        "message": f"Unsupported content type: 'text/plain'. This API method only accepts {accepted} requests, but you specified "
        "the header 'Content-Type: text/plain'. Please try again with a supported content type.",
        "type": IRE, "param": None, "code": "unsupported_content_type",
    }


@pytest.mark.parametrize(
    "content_type, body, reason",
    [
        ("multipart/form-data", b"", "the content type has no boundary; let the HTTP library write this header"),
        ("multipart/form-data; boundary=a", b"--b\r\n", "the body does not contain the boundary that the content type names"),
        (
            "multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="n"\r\n\r\n1',
            "the body ends before its last boundary",
        ),
        (
            "multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\r\n--a--\r\n',
            "the content of 'prompt' is not UTF-8",
        ),
    ],
    ids=["no boundary", "another boundary", "no end", "not UTF-8"],
)
def test_a_form_that_cannot_be_read_is_refused(client, content_type, body, reason):
    answer = client.post("/v1/images/edits", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "message": f"Could not parse multipart form: {reason}.", "type": IRE, "param": None, "code": None,
    }


FIELDS = {"model": "dall-e-2", "size": "256x256", "prompt": "."}


def written_form(
    boundary: str, disposition: bytes, *, end: bytes = b"\r\n", content_type: bytes = b"image/png", between: bytes = b""
) -> bytes:
    """A form with three fields and an image, each behind a boundary line with `between` at its end."""
    line = b"--" + boundary.encode() + between + end
    heads = {f'name="{name}"'.encode(): value.encode() for name, value in FIELDS.items()} | {disposition: picture(colour=RED)}
    kind = end + b"Content-Type: " + content_type if content_type else b""
    parts = [
        b"Content-Disposition: form-data; " + head + (kind if head == disposition else b"") + end + end + content
        for head, content in heads.items()
    ]
    return b"".join(line + part + end for part in parts) + b"--" + boundary.encode() + b"--"


FORMS = {
    "LangChain4j's boundary": {"boundary": "----LangChain4j"},
    "Android's boundary": {"boundary": "*****1421045301108*****"},
    "braces": {"boundary": "{3fbb1f0e}"},
    "a quoted boundary with a space and a semicolon": {"boundary": "=_Part 1; x", "quoted": True},
    "a boundary of 256 characters": {"boundary": "b" * 256},
    "blanks behind the boundary": {"between": b" \t "},
    "LF alone": {"end": b"\n"},
    "a name in UTF-8": {"disposition": 'name="image"; filename="猫.png"'.encode()},
    "a name in Latin-1": {"disposition": b'name="image"; filename="K\xe4fer.png"'},
    "a name in other bytes": {"disposition": b'name="image"; filename="\x8c\xe7\x8a\x4c.png"'},
    "quotes in the name": {"disposition": rb'name="image"; filename="a \"b\" "c" %22d%22.png"'},
    "an extended name": {"disposition": b"name=image; filename*=UTF-8''%e7%8c%ab.png"},
    "a path": {"disposition": rb'name="image"; filename="C:\photos\"'},
    "a blob": {"disposition": b'name="image"; filename="blob"', "content_type": b"application/octet-stream"},
    "an empty name": {"disposition": b'name="image"; filename=""'},
    "no name": {"disposition": b'name="image"'},
    "neither name nor type": {"disposition": b'name="image"', "content_type": b""},
    "a wrong type": {"content_type": b"text/plain"},
    "a folded header": {"disposition": b'name="image";\r\n filename="a.png"'},
}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_is_read_as_clients_write_it(client, case):
    options = {"boundary": "b", "disposition": b'name="image"; filename="a.png"'} | FORMS[case]
    boundary = f'"{options["boundary"]}"' if options.pop("quoted", False) else options["boundary"]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = client.post("/v1/images/edits", content=written_form(**options) + b"\n", headers=headers)
    red, nothing = (
        client.post("/v1/images/edits", data=FIELDS, files={"image": file}) for file in [picture(colour=RED), b"nothing"]
    )
    assert corner(client, answer) == corner(client, red) != corner(client, nothing)


def corner(client: httpx.Client, answer: httpx.Response) -> bytes:
    """Pixels of the answer's image, where no text is."""
    assert answer.status_code == 200, answer.text
    file = client.get(answer.json()["data"][0]["url"]).content
    return Image.open(io.BytesIO(file)).convert("RGB").crop((4, 4, 60, 60)).tobytes()


@pytest.mark.parametrize("kind", ["image/png", "IMAGE/PNG", "image/png; charset=binary", "image/jpeg", "Image/WebP ;x=y"])
def test_a_media_type_may_have_parameters_and_any_case_and_a_masks_is_not_checked(client, kind):
    files = {"image": ("a.png", picture(), kind), "mask": ("b.png", picture(mode="RGBA"), "application/octet-stream")}
    fields = {"model": "gpt-image-2", "prompt": "a lake", "quality": "low"}
    answer = client.post("/v1/images/edits", data=fields, files=files, headers={"X-FakeAI-Profile": OPENAI})
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def sdk(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


RED, BLUE = (220, 20, 20), (20, 20, 220)


def shown(images: openai.types.ImagesResponse, size: str) -> Image.Image:
    """The answer's only picture."""
    [image] = images.data
    return checked_png(base64.b64decode(image.b64_json, validate=True), size).convert("RGB")


def nearness(picture: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int]) -> float:
    """0 where a part of the picture is of that colour throughout."""
    return sum(abs(mean - level) for mean, level in zip(ImageStat.Stat(picture.crop(box)).mean, colour, strict=True))


def test_an_edit_shows_what_was_sent(sdk):
    """A masked part is repainted, the rest stays. Without a mask, all of it is shown as it was sent."""
    image = picture((64, 64), colour=RED)
    mask = io.BytesIO()
    stencil = Image.new("RGBA", (64, 64), (0, 0, 0, 255))
    stencil.paste((0, 0, 0, 0), (0, 0, 32, 64))
    stencil.save(mask, "PNG")
    edit = {"model": "gpt-image-1", "prompt": "A lake", "image": image, "size": "1024x1024"}
    masked = shown(sdk.images.edit(**edit, mask=mask.getvalue()), "1024x1024")
    kept, edited = (560, 100, 800, 600), (220, 100, 480, 600)
    assert nearness(masked, RED, kept) < 10 < nearness(masked, RED, edited)
    whole = shown(sdk.images.edit(**edit), "1024x1024")
    assert max(nearness(whole, RED, kept), nearness(whole, RED, edited)) < 10


@pytest.mark.parametrize("count", [1, 2, 16])
def test_a_list_of_images_is_shown_whole(sdk, count):
    """Sent as `image[]`, even one."""
    answer = sdk.images.edit(model="gpt-image-2", prompt="A lake", image=[picture(colour=RED)] * (count - 1) + [picture(colour=BLUE)])
    edited = shown(answer, "1024x1024")
    assert answer.usage.input_tokens_details.image_tokens == 512 * count
    assert min(nearness(edited, BLUE, (x, y, x + 32, y + 32)) for x in range(0, 1024, 64) for y in range(0, 1024, 64)) < 300


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_any_kind_of_picture_can_be_sent(sdk, kind):
    shown(sdk.images.edit(model="gpt-image-1", prompt="A lake", image=picture(kind=kind)), "1024x1024")


WAYS = ["bytes", "path", "file", "name and bytes", "name and path", "name, bytes and type", "list of paths", "pair"]


@pytest.mark.parametrize("way", WAYS)
def test_an_upload_may_be_given_in_each_of_the_clients_ways(sdk, tmp_path, way):
    path = tmp_path / "red.png"
    path.write_bytes(picture(colour=RED))
    with path.open("rb") as file:
        image = {
            "bytes": path.read_bytes(), "path": path, "file": file, "name and bytes": ("red.png", path.read_bytes()),
            "name and path": ("red.png", path), "name, bytes and type": ("red", path.read_bytes(), "image/png"), "list of paths": [path],
            "pair": [path, ("red.png", path.read_bytes())],
        }[way]
        answer = sdk.images.edit(model="gpt-image-1", prompt="A lake", image=image, size="1024x1024")
    assert answer.usage.input_tokens_details.image_tokens == 512 * (2 if way == "pair" else 1)
    assert nearness(shown(answer, "1024x1024"), RED, (0, 0, 1024, 1024)) < 300


def test_a_json_edit_refers_to_images(client):
    file = client.post("/v1/files", data={"purpose": "vision"}, files={"file": ("red.png", picture())}).json()
    for reference in [{"image_url": data_url(picture())}, {"image_url": "https://a.test/b.png"}, {"file_id": file["id"]}]:
        body = {"model": "gpt-image-2", "prompt": "A lake", "images": [reference]}
        for profile in ["openai", "fakeai"]:
            answer = client.post("/v1/images/edits", json=body, headers={"X-FakeAI-Profile": profile})
            assert answer.status_code == 200, answer.text
            valid("ImagesResponse", answer.json())


def test_what_is_no_picture_is_still_answered_by_default(sdk):
    shown(sdk.images.edit(model="gpt-image-1", prompt="A lake", image=b"no picture", mask=b"none either"), "1024x1024")
    assert sdk.images.create_variation(image=b"no picture").data[0].url


@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp", "gif", "svg"])
def test_an_edit_says_what_was_asked_for_in_any_format(sdk, output_format):
    [image] = sdk.images.edit(
        model="gpt-image-1", prompt="A lake", image=picture(), size="1536x1024", output_format=output_format
    ).data
    file = base64.b64decode(image.b64_json, validate=True)
    said = vector_recipe(file) if output_format == "svg" else recipe(Image.open(io.BytesIO(file)))
    assert (said["prompt"], said["model"], said["size"]) == ("A lake", "gpt-image-1", "1536x1024")


def test_variations_differ_from_one_another(sdk):
    images = sdk.images.create_variation(image=picture(), n=4, size="512x512").data
    bodies = {checked_png(httpx.get(image.url).content, "512x512").tobytes() for image in images}
    assert len(bodies) == 4


def test_an_edit_is_streamed(sdk):
    edit = {"model": "gpt-image-1", "prompt": "A lake", "image": picture(colour=RED)}
    *partial, completed = sdk.images.edit(**edit, stream=True, partial_images=2)
    assert [event.type for event in partial] == ["image_edit.partial_image"] * 2
    assert completed.type == "image_edit.completed"
    assert completed.usage.input_tokens_details.image_tokens == 512
    pictures = [base64.b64decode(event.b64_json) for event in [*partial, completed]]
    assert len({checked_png(file, "1024x1024").tobytes() for file in pictures}) == 3


async def everything(client: openai.AsyncOpenAI) -> tuple[openai.types.ImagesResponse, openai.types.ImagesResponse, list]:
    """An image, an edit of one and a stream of another, all at once."""

    async def streamed() -> list:
        stream = await client.images.edit(model="gpt-image-1", prompt="A lake", image=picture(), stream=True, partial_images=1)
        return [event async for event in stream]

    async with client:
        images = client.images
        made = images.generate(model="gpt-image-1", prompt="A lake")
        edited = images.edit(model="gpt-image-1", prompt="A lake", image=picture())
        return tuple(await asyncio.gather(made, edited, streamed()))


@pytest.mark.parametrize("kind", ["OpenAI", "Azure"])
def test_the_async_clients_get_the_same(pool, kind):
    arguments = {"api_key": "test", "max_retries": 0}
    if kind == "Azure":
        client = openai.AsyncAzureOpenAI(api_version="2025-04-01-preview", azure_endpoint=pool.url, **arguments)
    else:
        client = openai.AsyncOpenAI(base_url=f"{pool.url}/v1", **arguments)
    made, edited, events = asyncio.run(everything(client))
    assert shown(made, "1024x1024").tobytes() != shown(edited, "1024x1024").tobytes()
    assert [event.type for event in events] == ["image_edit.partial_image", "image_edit.completed"]


def test_azures_deployment_edits(pool):
    arguments = {"api_key": "test", "api_version": "2025-04-01-preview", "azure_endpoint": pool.url, "max_retries": 0}
    with openai.AzureOpenAI(**arguments) as azure:
        shown(azure.images.edit(model="gpt-image-1", prompt="A lake", image=picture()), "1024x1024")


TAKEN = {
    "gpt-image-1.5": {"input_fidelity": "high", "size": "1536x1024", "quality": "low", "background": "opaque"},
    "gpt-image-2.5-flare": {"markup": ("b.png", picture(mode="RGBA"), "image/png"), "quality": "max", "n": 2},
    "gpt-image-2": {"output_format": "jpeg", "output_compression": 50, "complexity": "low", "safety_identifier": "me"},
    "dall-e-2": {"response_format": "b64_json", "size": "256x256", "n": 2, "user": "me"},
}


@pytest.mark.parametrize("model", TAKEN)
def test_a_profile_takes_what_its_models_take(pool, model):
    profile = "openai-dalle" if model == "dall-e-2" else "openai"
    headers = {"X-FakeAI-Profile": profile}
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0, default_headers=headers) as client:
        answer = client.images.edit(model=model, prompt="A lake", image=("a.png", picture(), "image/png"), **TAKEN[model])
        assert len(answer.data) == TAKEN[model].get("n", 1)
        valid("ImagesResponse", answer.model_dump(mode="json", exclude_unset=True))
