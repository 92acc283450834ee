"""Each way by which the official client asks for images: seven routes, one of them the mock's own, as a fault may strike any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import openai
from openai.types import ImagesResponse

from uploads import data_url, picture

GPT = {"model": "gpt-image-2", "size": "1024x1024"}
PARTIAL = 2
"""Unfinished images of a stream, before its last event."""


@dataclass(frozen=True)
class ImageRoute:
    """A call of the client, with a prompt and headers; one that streams gives events one by one."""

    call: Callable[[openai.OpenAI, str, Mapping[str, str]], ImagesResponse | Iterator]
    streams: bool = False
    is_gpt: bool = True
    has_prompt: bool = True

    def events(self, client: openai.OpenAI, prompt: str, headers: Mapping[str, str]) -> Iterator[str | None]:
        """What comes of the pictures, in base64, in the order in which it comes."""
        answer = self.call(client, prompt, headers)
        for image in answer if self.streams else answer.data:
            yield image.b64_json


def upload() -> tuple[str, bytes, str]:
    return "upload.png", picture(), "image/png"


def generate(client, prompt, headers):
    return client.images.generate(prompt=prompt, extra_headers=headers, **GPT)


def generate_stream(client, prompt, headers):
    return client.images.generate(prompt=prompt, extra_headers=headers, stream=True, partial_images=PARTIAL, **GPT)


def edit(client, prompt, headers):
    return client.images.edit(image=upload(), prompt=prompt, extra_headers=headers, **GPT)


def edit_as_json(client, prompt, headers):
    body = {"prompt": prompt, "images": [{"image_url": data_url(picture())}]} | GPT
    return client.post("/images/edits", body=body, cast_to=ImagesResponse, options={"headers": headers})


def edit_stream(client, prompt, headers):
    return client.images.edit(image=upload(), prompt=prompt, extra_headers=headers, stream=True, partial_images=PARTIAL, **GPT)


def vary(client, prompt, headers):
    return client.images.create_variation(
        image=upload(), model="dall-e-2", size="256x256", response_format="b64_json", extra_headers=headers)


def upscale(client, prompt, headers):
    body = {"image": data_url(picture((640, 480))), "response_format": "b64_json"}
    return client.post("/images/upscales", body=body, cast_to=ImagesResponse, options={"headers": headers})


ROUTES = {
    "generation": ImageRoute(generate),
    "generation, streamed": ImageRoute(generate_stream, streams=True),
    "edit": ImageRoute(edit),
    "edit, JSON": ImageRoute(edit_as_json),
    "edit, streamed": ImageRoute(edit_stream, streams=True),
    "variation": ImageRoute(vary, is_gpt=False, has_prompt=False),
    "upscale": ImageRoute(upscale, is_gpt=False, has_prompt=False),
}
