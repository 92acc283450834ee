"""Requests of well-known programs that use the Images API, each as its HTTP library writes it, and the answer that the program needs.

A strict profile answers as production would, so it refuses what production refuses. The reason is part of the record.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import http_libraries as http
from http_libraries import Body, Headers, Part, compact_json, spaced_json, text
from rows import DALLE, FAKEAI, OPENAI
from uploads import picture

BEARER = [("Authorization", "Bearer sk-test")]
API_KEY = [("api-key", "0123456789abcdef")]


@dataclass(frozen=True)
class Taken:
    needs: tuple[str, ...]
    """What must be in the answer, see `test_client_requests.py`."""
    ignored: str = ""
    """The header that names what had no effect."""


@dataclass(frozen=True)
class Refused:
    message: str
    """How the message begins."""
    reason: str
    """Why production refuses it."""
    status: int = 400


Outcome = Taken | Refused


@dataclass(frozen=True)
class Recorded:
    client: str
    what: str
    target: str
    headers: Headers
    body: Body
    outcomes: dict[str, Outcome] = field(hash=False)
    count: int = 1
    """Images in the answer."""
    method: str = "POST"

    def __str__(self) -> str:
        return f"{self.client}: {self.what}"


# Why a strict profile refuses a request.


def gone(model: str) -> Refused:
    return Refused(f"The model '{model}' does not exist.", "the API has had no DALL·E since May and no gpt-image-1 since October 2026")


def unborn(model: str) -> Refused:
    return Refused(f"The model '{model}' does not exist.", "the API of that time had DALL·E and gpt-image-1 only")


def foreign(model: str) -> Refused:
    return Refused(f"The model '{model}' does not exist.", "the model is another vendor's")


def unknown(name: str) -> Refused:
    return Refused(f"Unknown parameter: '{name}'.", "the API knows no such parameter for this model")


def no_such_path(target: str) -> Refused:
    return Refused(f"Invalid URL (POST {target})", "the API has no path without its version", 404)


SMALL = Refused("Invalid size '512x512'.", "a GPT image model draws nothing as small")
NO_SUBMISSION = Refused(
    "Invalid URL (POST", "it is not OpenAI's path, and Azure has withdrawn this version of its API with the only model that it served", 404
)
TWICE = Refused("Duplicate parameter: 'image'.", "the API wants `image[]` for several images")
NO_JSON_IMAGE = Refused("Unknown parameter: 'image'.", "the API wants `images`, a list of objects, in JSON")

# What is needed of an answer.
URL = ("url",)
B64 = ("b64_json",)
EITHER = ("url or b64_json",)


def by_profile(fakeai: Outcome, openai: Outcome, dalle: Outcome) -> dict[str, Outcome]:
    return {FAKEAI: fakeai, OPENAI: openai, DALLE: dalle}


def for_all(*needs: str) -> dict[str, Outcome]:
    return by_profile(Taken(needs), Taken(needs), Taken(needs))


# What is sent along.
RED = picture()
JPEG = picture(kind="JPEG")
GIF = picture(kind="GIF")
SQUARE = picture(mode="RGBA")
BASE64 = base64.b64encode(RED).decode()


def png(name: str, filename: str | None, data: bytes = RED, media_type: str | None = "image/png") -> Part:
    return Part(name, data, filename, media_type)


GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"


def recorded(client: str, what: str, library, body: Body, outcomes: dict[str, Outcome], target: str = GENERATIONS,
             given: Headers = BEARER, **others: object) -> Recorded:
    return Recorded(client, what, target, library(given, body), body, outcomes, **others)


OF_OPEN_WEBUI = BEARER + [
    ("Content-Type", "application/json"), ("X-OpenWebUI-User-Name", "Ren%C3%A9"), ("X-OpenWebUI-User-Id", "7"),
    ("X-OpenWebUI-User-Email", "rene@example.org"), ("X-OpenWebUI-User-Role", "admin"),
]


def open_webui() -> list[Recorded]:
    def generation(what: str, body: dict, outcomes: dict[str, Outcome], target: str = GENERATIONS, **others: object) -> Recorded:
        return recorded("Open WebUI", what, http.aiohttp, spaced_json(body), outcomes, target, OF_OPEN_WEBUI, **others)

    def edit(what: str, parts: list[Part], outcomes: dict[str, Outcome]) -> Recorded:
        return recorded("Open WebUI", what, http.aiohttp, http.aiohttp_form(parts), outcomes, EDITS, OF_OPEN_WEBUI[:1] + OF_OPEN_WEBUI[2:])

    usual = {"prompt": "a lake", "n": 1}
    first, second = (png(name, "3f0c1a52-6f0e-4b9c-9a0a-2d7d3c1b5e6f.png") for name in ("image", "image[]"))
    return [
        generation("a model of GPT's, 512x512", {"model": "gpt-image-2"} | usual | {"size": "512x512"},
                   by_profile(Taken(EITHER), SMALL, unborn("gpt-image-2"))),
        generation("gpt-image-1.5, auto, with an api-version", {"model": "gpt-image-1.5"} | usual | {"size": "auto"},
                   by_profile(Taken(EITHER), Taken(EITHER), unborn("gpt-image-1.5")), GENERATIONS + "?api-version=2025-04-01-preview"),
        generation("dall-e-2 as base64", {"model": "dall-e-2"} | usual | {"size": "512x512", "response_format": "b64_json"},
                   by_profile(Taken(B64), gone("dall-e-2"), Taken(B64))),
        generation("a model of one's own with parameters of an administrator",
                   {"model": "sdxl"} | usual | {"size": "768x512", "response_format": "b64_json", "steps": 20, "cfg_scale": 6.5},
                   by_profile(Taken(B64, "cfg_scale; steps"), foreign("sdxl"), foreign("sdxl"))),
        edit("an edit of one image", [*text(model="gpt-image-1.5", prompt="a lake", n="1", size="auto", background="auto"), first],
             by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5"))),
        edit("an edit of several images", [*text(model="gpt-image-1", prompt="a lake", n="1"), second, second],
             by_profile(Taken(B64), gone("gpt-image-1"), Taken(B64))),
    ]


def librechat() -> list[Recorded]:
    image = {
        "model": "gpt-image-1", "prompt": "a lake", "n": 2, "background": "auto", "output_format": "webp", "output_compression": 80,
        "quality": "auto", "size": "auto",
    }
    parts = [*text(model="gpt-image-1", prompt="a lake", quality="auto", size="auto"),
             png("image[]", "photo.png"), png("image[]", "holiday.jpg", JPEG, "image/jpeg")]
    dalle = {"model": "dall-e-3", "prompt": "a lake", "quality": "hd", "style": "vivid", "size": "1024x1024", "n": 1}
    return [
        recorded("LibreChat", "gpt-image-1", http.openai_node, compact_json(image),
                 by_profile(Taken(B64), gone("gpt-image-1"), Taken(B64)), count=2),
        recorded("LibreChat", "Azure's deployment", http.openai_node, compact_json(image | {"model": "gpt-image-1.5", "n": 1}),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")),
                 "/openai/deployments/gpt-image-1.5/images/generations?api-version=2025-04-01-preview", API_KEY),
        recorded("LibreChat", "an edit of two files", http.axios, http.axios_form(parts),
                 by_profile(Taken(B64), gone("gpt-image-1"), Taken(B64)), EDITS),
        recorded("LibreChat DALL·E", "dall-e-3", http.openai_node, compact_json(dalle),
                 by_profile(Taken(("url of a .png",)), gone("dall-e-3"), Taken(("url of a .png",)))),
    ]


def dify() -> list[Recorded]:
    needs = ("b64_json", "usage.input_tokens_details")
    edit = [*text(prompt="a lake", model="gpt-image-2", n=1, size="1024x1024")]
    return [
        recorded("Dify", "dall-e-2", http.openai_python,
                 compact_json({"model": "dall-e-2", "prompt": "a lake", "n": 2, "response_format": "b64_json", "size": "256x256"}),
                 by_profile(Taken(B64), gone("dall-e-2"), Taken(B64)), count=2),
        recorded("Dify", "dall-e-3", http.openai_python, compact_json(
            {"model": "dall-e-3", "prompt": "a lake", "n": 1, "quality": "standard", "response_format": "b64_json", "size": "1024x1024",
             "style": "natural"}), by_profile(Taken(B64), gone("dall-e-3"), Taken(B64))),
        recorded("Dify", "gpt-image-2", http.openai_python, compact_json({"model": "gpt-image-2", "prompt": "a lake", "n": 1}),
                 by_profile(Taken(needs), Taken(needs), unborn("gpt-image-2"))),
        recorded("Dify", "an edit of one file", http.openai_python, http.httpx_form([*edit, png("image", "input_image.png")]),
                 by_profile(Taken(needs), Taken(needs), unborn("gpt-image-2")), EDITS),
        recorded("Dify", "an edit of files whose names do not fit", http.openai_python,
                 http.httpx_form([*edit, png("image[]", "photo.jpg", RED, "image/jpeg"), png("image[]", "photo.png", JPEG)]),
                 by_profile(Taken(needs), Taken(needs), unborn("gpt-image-2")), EDITS),
    ]


def n8n() -> list[Recorded]:
    def edit(what: str, model: str, name: str, others: dict, outcomes: dict[str, Outcome], *files: Part, count: int = 1) -> Recorded:
        parts = [*text(model=model, prompt="a lake", **others), png(name, "image.png"), *files]
        return recorded("n8n", what, http.axios, http.axios_form(parts), outcomes, EDITS, count=count)

    mask = png("mask", "mask.png", SQUARE)
    return [
        Recorded("n8n", "the models to choose from", "/v1/models", http.axios(BEARER, Body()), Body(), for_all("models"), method="GET"),
        recorded("n8n", "gpt-image-2", http.axios, compact_json({"prompt": "a lake", "model": "gpt-image-2", "quality": "low", "n": 1}),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-2"))),
        recorded("n8n", "dall-e-3 by URL", http.axios,
                 compact_json({"prompt": "a lake", "model": "dall-e-3", "style": "vivid", "response_format": "url"}),
                 by_profile(Taken(URL), gone("dall-e-3"), Taken(URL))),
        recorded("n8n", "a model that it does not know", http.axios,
                 compact_json({"prompt": "a lake", "model": "my-own", "response_format": "b64_json"}),
                 by_profile(Taken(B64), foreign("my-own"), foreign("my-own"))),
        edit("an edit with numbers as text", "gpt-image-1", "image[]", {"n": "2", "output_format": "jpeg", "output_compression": "50"},
             by_profile(Taken(B64), gone("gpt-image-1"), Taken(B64)), mask, count=2),
        edit("an edit by a model newer than it knows", "gpt-image-2", "image", {"n": "1", "response_format": "b64_json"},
             by_profile(Taken(B64), unknown("response_format"), unborn("gpt-image-2"))),
        edit("an edit by dall-e-2", "dall-e-2", "image", {"n": "1", "size": "256x256", "response_format": "url"},
             by_profile(Taken(URL), gone("dall-e-2"), Taken(URL)), mask),
    ]


def lobechat() -> list[Recorded]:
    fields = {"model": "dall-e-3", "n": 1, "prompt": "a lake", "quality": "hd", "response_format": "b64_json", "size": "1792x1024"}
    sliders = {"model": "flux-dev", "n": 1, "prompt": "a lake", "seed": 7, "width": 768, "height": 512, "steps": 20, "cfg": 3.5,
               "aspectRatio": "3:2", "imageUrls": []}
    edit = [*text(n=1, model="gpt-image-1", prompt="a lake", input_fidelity="high"), png("image", "image.png")]
    newest = [*text(n=1, model="gpt-image-2", prompt="a lake", input_fidelity="high"), png("image", "image.png")]
    no_fidelity = Refused("The model 'gpt-image-2' does not support the 'input_fidelity' parameter.", "its fidelity is always high")
    return [
        recorded("LobeChat", "dall-e-3 from a page", http.openai_browser, compact_json(fields),
                 by_profile(Taken(B64), gone("dall-e-3"), Taken(B64))),
        recorded("LobeChat", "every slider it has", http.openai_node, compact_json(sliders), by_profile(
            Taken(EITHER, "aspectRatio; cfg; height; imageUrls; seed; steps; width"), foreign("flux-dev"), foreign("flux-dev"))),
        recorded("LobeChat", "an edit from a page", http.openai_browser, http.chromium_form(edit),
                 by_profile(Taken(EITHER), gone("gpt-image-1"), Taken(EITHER)), EDITS),
        recorded("LobeChat", "an edit by a model without fidelity", http.openai_node, http.undici_form(newest),
                 by_profile(Taken(EITHER), no_fidelity, unborn("gpt-image-2")), EDITS),
    ]


def litellm() -> list[Recorded]:
    usage = ("created", "b64_json", "usage")
    edit = text(model="gpt-image-1.5", prompt="a lake", n=1)
    return [
        recorded("LiteLLM", "a generation with a body of one's own", http.openai_python,
                 compact_json({"prompt": "a lake", "model": "gpt-image-2", "n": 1, "seed": 7, "guidance": {"scale": 3}}),
                 by_profile(Taken(usage, "guidance; seed"), unknown("guidance"), unborn("gpt-image-2"))),
        recorded("LiteLLM", "an edit of image.png", http.httpx, http.httpx_form([*edit, png("image[]", "image.png")]),
                 by_profile(Taken(usage), Taken(usage), unborn("gpt-image-1.5")), EDITS),
        recorded("LiteLLM", "an edit with a whole path as name, and a mask", http.httpx, http.httpx_form(
            [*edit, png("image[]", "/home/rene/pictures/holiday 1.png"), png("mask", "/home/rene/pictures/mask.png", SQUARE)]),
                 by_profile(Taken(usage), Taken(usage), unborn("gpt-image-1.5")), EDITS),
        # Its proxy has these paths too, and so programs that were written for the proxy use them.
        recorded("LiteLLM", "a path of its proxy", http.httpx, compact_json({"prompt": "a lake", "model": "gpt-image-2"}),
                 by_profile(Taken(usage), no_such_path("/images/generations"), no_such_path("/images/generations")), "/images/generations"),
        recorded("LiteLLM", "an edit with `mask[]`, as its proxy takes it", http.httpx, http.httpx_form(
            [*edit, png("image", "a.png"), png("mask[]", "mask.png", SQUARE)]),
                 by_profile(Taken(usage), Refused("Invalid type for 'mask'", "the API knows one mask"), unborn("gpt-image-1.5")), EDITS),
    ]


def ai_sdk() -> list[Recorded]:
    def generation(provider: str, what: str, body: dict, outcomes: dict[str, Outcome], **others: object) -> Recorded:
        return recorded(f"AI SDK, {provider}", what, http.undici, compact_json(body), outcomes, **others)

    newest = {"model": "gpt-image-2", "prompt": "a lake", "n": 1, "size": "1024x1024"}
    edit = text(model="gpt-image-1.5", prompt="a lake", n=1)
    for_newest = by_profile(Taken(B64), Taken(B64), unborn("gpt-image-2"))
    agent = [*BEARER, ("User-Agent", "ai/6.0.5 ai-sdk/openai/3.0.2 runtime/node.js/v22")]
    return [
        generation("openai", "gpt-image-2", newest, for_newest, given=agent),
        generation("openai", "one of several requests for dall-e-3",
                   {"model": "dall-e-3", "prompt": "a lake", "n": 1, "size": "1024x1024", "response_format": "b64_json"},
                   by_profile(Taken(B64), gone("dall-e-3"), Taken(B64)), given=agent),
        recorded("AI SDK, openai", "an edit of a Blob without a name", http.undici, http.undici_form([*edit, png("image", "blob")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), EDITS),
        recorded("AI SDK, openai", "an edit of several", http.undici, http.undici_form(
            [*edit, png("image[]", "blob"), png("image[]", "blob", JPEG, "image/jpeg")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), EDITS),
        generation("openai-compatible", "a model of any name", {"model": "my/flux-schnell", "prompt": "a lake", "n": 1, "size": "512x768"},
                   by_profile(Taken(B64), foreign("my/flux-schnell"), foreign("my/flux-schnell"))),
        generation("togetherai", "base64", {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "a lake", "seed": 7, "n": 1,
                                            "width": 512, "height": 512, "response_format": "base64"}, by_profile(
            Taken(B64, "height; seed; width"), foreign("black-forest-labs/FLUX.1-schnell"), foreign("black-forest-labs/FLUX.1-schnell"))),
        generation("azure", "the current base", newest, for_newest, target="/openai/v1/images/generations?api-version=v1", given=API_KEY),
        generation("azure", "a deployment", newest, for_newest,
                   target="/openai/deployments/gpt-image-2/images/generations?api-version=2025-04-01-preview", given=API_KEY),
        recorded("AI SDK, azure", "an edit at the current base", http.undici, http.undici_form([*edit, png("image", "blob")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), "/openai/v1/images/edits?api-version=v1", API_KEY),
    ]


def of_java() -> list[Recorded]:
    java = [("Authorization", "Bearer sk-test"), ("User-Agent", "OpenAIClientImpl/Java 4.6.1"),
            *http.stainless("java", "4.6.1", "JRE", "17.0.15"), ("X-Stainless-Read-Timeout", "600")]
    agent = [*BEARER, ("User-Agent", "langchain4j-openai")]
    dalle = {"model": "dall-e-3", "prompt": "a lake", "n": 1, "quality": "hd", "response_format": "url", "size": "1024x1024",
             "style": "natural", "user": "rene"}
    newest = {"model": "gpt-image-2", "prompt": "a lake", "n": 1, "size": "1024x1024", "quality": "low"}
    edit = [png("image", "image.png"), *text(prompt="a lake"), png("mask", "mask.png", SQUARE), *text(model="gpt-image-1.5", n=1)]
    needs = ("b64_json", "output_format")
    return [
        recorded("Spring AI", "dall-e-3 with every option", http.okhttp, compact_json(dalle),
                 by_profile(Taken(URL), gone("dall-e-3"), Taken(URL)), given=java),
        recorded("Spring AI", "Foundry by deployment", http.okhttp, compact_json({"prompt": "a lake", "n": 1, "quality": "low"}),
                 by_profile(Taken(EITHER), Taken(EITHER), unborn("gpt-image-2")),
                 "/openai/deployments/gpt-image-2/images/generations?api-version=2024-10-21", API_KEY + java[1:]),
        recorded("openai-java", "an edit on OkHttp", http.okhttp, http.okhttp_form([*text(prompt="a lake", model="gpt-image-1.5"),
                                                                                     png("image", "image.png")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), EDITS, java),
        recorded("LangChain4j", "an offer of HTTP/2", http.jdk, compact_json(newest),
                 by_profile(Taken(needs), Taken(needs), unborn("gpt-image-2")), given=agent),
        recorded("LangChain4j", "an edit with its fixed boundary", http.jdk, http.jdk_form(edit),
                 by_profile(Taken(needs), Taken(needs), unborn("gpt-image-1.5")), EDITS, agent),
    ]


def semantic_kernel() -> list[Recorded]:
    agent = [*BEARER, ("Semantic-Kernel-Version", "1.66.0")]
    old = {"prompt": "a lake", "model": "dall-e-2", "size": "256x256", "response_format": "url"}
    only_url = Taken(URL)
    return [
        recorded("Semantic Kernel .NET", "dall-e-2", http.dotnet, compact_json(old), by_profile(only_url, gone("dall-e-2"), only_url),
                 given=agent),
        recorded("OpenAI .NET", "an edit", http.dotnet, http.dotnet_form([
            png("image", "a.png"), *text(prompt="a lake", model="gpt-image-1.5")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), EDITS),
        recorded("Semantic Kernel Python", "dall-e-3", http.openai_python,
                 compact_json({"prompt": "a lake", "model": "dall-e-3", "quality": "standard", "size": "1024x1024", "style": "vivid"}),
                 by_profile(only_url, gone("dall-e-3"), only_url)),
    ]


def of_python() -> list[Recorded]:
    """Frameworks that call OpenAI's Python package."""
    def generation(client: str, body: dict, outcomes: dict[str, Outcome], what: str = "", **others: object) -> Recorded:
        what = what or str(body["model"])
        return recorded(client, what, http.openai_python, compact_json({"prompt": "a lake"} | body), outcomes, **others)

    dalle = {"model": "dall-e-3", "n": 1, "quality": "standard", "size": "1024x1024"}
    by_url, by_b64 = (by_profile(Taken(needs), gone("dall-e-3"), Taken(needs)) for needs in (URL, B64))
    return [
        generation("Haystack", {"model": "gpt-image-2", "size": "1024x1024", "quality": "auto", "n": 1},
                   by_profile(Taken(B64), Taken(B64), unborn("gpt-image-2"))),
        generation("LlamaIndex", dalle | {"style": "vivid", "response_format": "url"}, by_url, "a URL"),
        generation("LlamaIndex", dalle | {"style": "vivid", "response_format": "b64_json"}, by_b64, "base64"),
        generation("LangChain", {"model": "dall-e-2", "n": 2, "size": "256x256", "quality": "standard"},
                   by_profile(Taken(URL), gone("dall-e-2"), Taken(URL)), count=2),
        generation("LangChain", dalle, by_url),
        generation("crewAI", dalle, by_profile(*(outcome if isinstance(outcome, Refused) else Taken(("url", "revised_prompt"))
                                                 for outcome in by_url.values()))),
    ]


def desktops() -> list[Recorded]:
    """Programs for chats, on fetch of Node, of a page or of Electron."""
    schema = ("created", "no null", "b64_json")
    with_usage = (*schema, "usage")
    newest = {"model": "gpt-image-2", "prompt": "a lake", "n": 1, "user": "Big-AGI", "size": "1024x1024", "quality": "low",
              "moderation": "low", "output_format": "png"}
    edit = [*text(model="gpt-image-1.5", prompt="a lake", user="Big-AGI"), png("image", "image_0.png")]
    several = [*text(model="gpt-image-1.5", prompt="a lake", n=2), png("image[]", "image_0.png"), png("image[]", "image_1.png")]
    gif = [*text(model="gpt-image-1.5", prompt="a lake"), png("image", "dance.gif", GIF, "image/gif")]
    of_type = Refused("Invalid file 'image': unsupported mimetype ('image/gif').", "the API reads no GIF")
    nextchat = {"model": "dall-e-3", "prompt": "a lake", "response_format": "b64_json", "n": 1, "size": "1024x1024", "quality": "standard",
                "style": "vivid"}
    for_edit = by_profile(Taken(with_usage), Taken(with_usage), unborn("gpt-image-1.5"))
    return [
        recorded("big-AGI", "gpt-image-2", http.undici, compact_json(newest),
                 by_profile(Taken(with_usage), Taken(with_usage), unborn("gpt-image-2"))),
        recorded("big-AGI", "dall-e-3", http.undici, compact_json(
            {"model": "dall-e-3", "prompt": "a lake", "n": 1, "user": "Big-AGI", "response_format": "b64_json", "size": "1024x1024",
             "quality": "hd", "style": "natural"}), by_profile(Taken(schema), gone("dall-e-3"), Taken(schema))),
        recorded("big-AGI", "an edit of one image", http.undici, http.undici_form(edit), for_edit, EDITS),
        recorded("big-AGI", "an edit of two, twice", http.undici, http.undici_form(several), for_edit, EDITS, count=2),
        recorded("Cherry Studio", "an edit in Electron", http.chromium, http.chromium_form(
            [*text(model="gpt-image-1.5", prompt="a lake"), png("image[]", "a.png"), png("image[]", "a.png")]),
                 by_profile(Taken(EITHER), Taken(EITHER), unborn("gpt-image-1.5")), EDITS),
        recorded("Cherry Studio", "several files of one name, as new-api took them", http.chromium, http.chromium_form(
            [*text(model="gpt-image-1.5", prompt="a lake"), png("image", "a.png"), png("image", "b.png")]),
                 by_profile(Taken(EITHER), TWICE, TWICE), EDITS),
        recorded("Cherry Studio", "a GIF from its picker", http.chromium, http.chromium_form(gif),
                 by_profile(Taken(EITHER, "image 1"), of_type, unborn("gpt-image-1.5")), EDITS),
        recorded("NextChat", "dall-e-3 from a page", http.chromium, compact_json(nextchat),
                 by_profile(Taken(EITHER), gone("dall-e-3"), Taken(EITHER))),
        recorded("NextChat", "Azure's deployment", http.undici, compact_json(nextchat),
                 by_profile(Taken(EITHER), gone("dall-e-3"), Taken(EITHER)),
                 "/openai/deployments/dall-e-3/images/generations?api-version=2024-02-01", API_KEY),
    ]


def relays() -> list[Recorded]:
    """Servers that pass on the requests of others."""
    eight = {"model": "dall-e-3", "prompt": "a lake", "n": 1, "size": "1024x1024", "user": "7"}
    passed = {"model": "doubao-seedream-4", "prompt": "a lake", "n": 1, "size": "2K", "quality": "", "response_format": "url",
              "watermark": False, "sequential_image_generation": "disabled", "stream": False}
    ratio = {"model": "gemini-3-image", "prompt": "a lake", "n": "1", "size": "16:9", "style": ""}
    edit = text(model="gpt-image-1.5", prompt="a lake", n="1", stream="False")
    false_text = Refused("Invalid type for 'stream'", "the API's booleans are in lower case")
    of_edit = by_profile(Taken(EITHER), Taken(EITHER), unborn("gpt-image-1.5"))
    lies = [png("image[]", "photo.jpg", RED, "image/jpeg"), png("image[]", "photo.png", JPEG)]
    indexed = [png("image[0]", "a.png"), png("image[1]", "b.png")]
    as_json = {"model": "gpt-image-1.5", "prompt": "a lake"}
    return [
        recorded("one-api", "eight fields without the empty ones", http.go, compact_json(eight),
                 by_profile(Taken(EITHER), gone("dall-e-3"), Taken(EITHER))),
        recorded("one-api", "a body as it came, with empty ones", http.go,
                 compact_json(eight | {"quality": "", "response_format": "", "style": ""}),
                 by_profile(Taken(EITHER), gone("dall-e-3"), Refused("Invalid value: ''.", "the API has no empty quality"))),
        recorded("new-api", "Seedream's parameters", http.go, compact_json(passed),
                 by_profile(Taken(EITHER, "sequential_image_generation; watermark"), foreign(passed["model"]), foreign(passed["model"]))),
        recorded("new-api", "Gemini's sizes, and a number as text", http.go, compact_json(ratio),
                 by_profile(Taken(EITHER), foreign(ratio["model"]), foreign(ratio["model"]))),
        recorded("new-api", "an edit with types by the names", http.go, http.go_form([*edit[:3], *lies]), of_edit, EDITS),
        recorded("new-api", "an edit with numbered images", http.go, http.go_form([*edit[:3], *indexed]), of_edit, EDITS),
        recorded("new-api", "a boolean as Python writes it", http.go, http.go_form([*edit, png("image", "a.png")]),
                 by_profile(Taken(EITHER), false_text, unborn("gpt-image-1.5")), EDITS),
        recorded("new-api", "an edit in JSON", http.go, compact_json(as_json | {"image": f"data:image/png;base64,{BASE64}"}),
                 by_profile(Taken(EITHER), NO_JSON_IMAGE, unborn("gpt-image-1.5")), EDITS),
        recorded("chatgpt2api", "a list of data URLs", http.aiohttp, spaced_json(
            as_json | {"image": [f"data:image/png;base64,{BASE64}", BASE64]}),
                 by_profile(Taken(EITHER), NO_JSON_IMAGE, unborn("gpt-image-1.5")), EDITS),
        recorded("ai4j", "image_url as in a chat", http.okhttp, compact_json(
            as_json | {"images": [{"image_url": {"url": f"data:image/png;base64,{BASE64}"}}]}),
                 by_profile(Taken(EITHER), Refused("Invalid type for 'images[0].image_url'", "the API wants a string there"),
                            unborn("gpt-image-1.5")), EDITS),
    ]


def of_php_and_others() -> list[Recorded]:
    nextcloud = {"model": "dall-e-2", "prompt": "a lake", "n": 2, "size": "256x256", "response_format": "url"}
    wordpress = {"model": "gpt-image-2", "prompt": "a lake", "size": "1024x1024", "output_format": "png"}
    twice = [*text(model="gpt-image-1.5", prompt="a lake"), png("image", "a.png"), png("image", "b.png")]
    submit = "/openai/images/generations:submit?api-version=2023-06-01-preview"
    return [
        recorded("Nextcloud", "a base without /v1", http.guzzle, compact_json(nextcloud),
                 by_profile(Taken(EITHER), no_such_path("/images/generations"), no_such_path("/images/generations")),
                 "/images/generations", count=2),
        recorded("Nextcloud", "a base with /v1", http.guzzle, compact_json(nextcloud),
                 by_profile(Taken(URL), gone("dall-e-2"), Taken(URL)), count=2),
        recorded("Guzzle", "an edit", http.guzzle, http.guzzle_form([*text(model="gpt-image-1.5", prompt="a lake"), png("image", "a.png")]),
                 by_profile(Taken(B64), Taken(B64), unborn("gpt-image-1.5")), EDITS),
        recorded("WordPress", "gpt-image-2", http.wordpress, compact_json(wordpress),
                 by_profile(Taken(("b64_json", "created")), Taken(("b64_json", "created")), unborn("gpt-image-2"))),
        recorded("WordPress", "dall-e-3", http.wordpress, compact_json(
            {"model": "dall-e-3", "prompt": "a lake", "size": "1024x1024", "response_format": "b64_json"}),
                 by_profile(Taken(("b64_json", "created")), gone("dall-e-3"), Taken(("b64_json", "created")))),
        recorded("pipecat", "a submission that is polled", http.aiohttp, spaced_json({"prompt": "a lake", "size": "1024x1024", "n": 1}),
                 by_profile(Taken(("operation",)), NO_SUBMISSION, Taken(("operation",))), submit, API_KEY),
        recorded("curl", "`image` twice", http.curl, http.curl_form(twice), by_profile(Taken(EITHER), TWICE, TWICE), EDITS),
        recorded("curl", "`image[]` twice", http.curl, http.curl_form(
            [*text(model="gpt-image-1.5", prompt="a lake"), png("image[]", "a.png"), png("image[]", "b.png")]),
                 by_profile(Taken(EITHER), Taken(EITHER), unborn("gpt-image-1.5")), EDITS),
    ]


ALL = [
    *open_webui(), *librechat(), *dify(), *n8n(), *lobechat(), *litellm(), *ai_sdk(), *of_java(), *semantic_kernel(), *of_python(),
    *desktops(), *relays(), *of_php_and_others(),
]
