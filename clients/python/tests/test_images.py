"""Images say what they were drawn for, in every format."""

from __future__ import annotations

import pytest
from conftest import Post

from fakeai_images import ImageError, Session, fault, read_image

FORMATS = ["png", "jpeg", "webp", "gif", "svg"]
PROMPT = 'A "lake" & <boat>, 水, 🚤'


@pytest.mark.parametrize("output_format", FORMATS)
def test_an_image_tells_its_size_and_its_request(fakeai: Session, post: Post, output_format: str) -> None:
    parameters = {"model": "gpt-image-1", "prompt": PROMPT, "size": "1536x1024", "output_format": output_format}
    _, as_url = post(fakeai, response_format="url", **parameters)
    _, as_base64 = post(fakeai, response_format="b64_json", **parameters)
    for item in as_url["data"] + as_base64["data"]:
        image = fakeai.image(item)
        assert (image.format, image.size, image.prompt) == (output_format, "1536x1024", PROMPT)
        assert image.metadata["model"] == "gpt-image-1"


def test_an_image_can_be_given_by_its_url(fakeai: Session, post: Post) -> None:
    [item] = post(fakeai)[1]["data"]
    assert fakeai.image(item["url"]) == read_image(fakeai.fetch(item["url"]))


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_damaged_image_is_found(fakeai: Session, post: Post, output_format: str) -> None:
    with fakeai.rules(fault("corrupt_image")):
        _, response = post(fakeai, model="gpt-image-1", output_format=output_format)
    with pytest.raises(ImageError):
        fakeai.image(response["data"][0])


def test_something_else_is_no_image() -> None:
    for other in (b"", b"<html>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\xff\0\0\0WEBP", b"<svg>"):
        with pytest.raises(ImageError):
            read_image(other)
    with pytest.raises(ImageError, match="not base64"):
        read_image("?")


def test_an_image_without_metadata_is_an_image() -> None:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    image = read_image(pixel)
    assert (image.format, image.size, image.prompt) == ("png", "1x1", None)
    assert read_image(f"data:image/png;base64,{pixel}") == image
