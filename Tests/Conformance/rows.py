"""The API's refusals as a table: what is sent to /v1/images/generations, and the whole error that comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass

IRE, IGUE = "invalid_request_error", "image_generation_user_error"
FAKEAI, OPENAI, DALLE = "fakeai", "openai", "openai-dalle"


@dataclass(frozen=True)
class Row:
    name: str
    profile: str
    body: dict
    """Parameters; a prompt and, in the profile `openai`, a model are added where they are not named."""
    message: str
    param: str | None
    code: str | None
    type: str = IRE

    @property
    def request(self) -> dict:
        defaults = {"prompt": "a lake"} | ({"model": "gpt-image-2"} if self.profile == OPENAI else {})
        return {name: value for name, value in (defaults | self.body).items() if value is not ...}

    @property
    def error(self) -> dict:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}

    def __str__(self) -> str:
        return f"{self.profile}: {self.name}"


LONG = "x" * 32_001
EMPTY = "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead."
TOO_LONG = "Invalid 'prompt': string too long. Expected a string with maximum length {}, but got a string with length {} instead."
QUALITIES = "Invalid value: 'ultra'. Supported values are: 'low', 'medium', 'high', and 'auto'."
ALL_QUALITIES = (
    "Invalid value: 'ultra'. Supported values are: 'standard', 'hd', 'low', 'medium', 'high', 'auto', 'xhigh', and 'max'."
)
CUSTOM = (
    "any WIDTHxHEIGHT with sides divisible by 16, no longer than 3840 and no more than 3:1, and 655360 to 8294400 pixels"
)
ALL_SIZES = f"256x256, 512x512, 1024x1024, 1792x1024, 1024x1792, 1536x1024, 1024x1536, auto, and {CUSTOM}"

# The value `...` leaves a parameter out.
ROWS = [
    # Models.
    Row("model absent", OPENAI, {"model": ...}, "Missing required parameter: 'model'.", "model", "missing_required_parameter"),
    Row("model null", OPENAI, {"model": None},
        "Invalid type for 'model': expected a string, but got null instead.", "model", "invalid_type"),
    Row("model an object", FAKEAI, {"model": {}},
        "Invalid type for 'model': expected a string, but got an object instead.", "model", "invalid_type"),
    *(
        Row(f"retired {model}", OPENAI, {"model": model}, f"The model '{model}' does not exist.", "model", "invalid_value", IGUE)
        for model in ["dall-e-2", "dall-e-3", "gpt-image-1", "my-own", ""]
    ),
    *(
        Row(f"later {model}", DALLE, {"model": model}, f"The model '{model}' does not exist.", "model", "invalid_value", IGUE)
        for model in ["gpt-image-2", "gpt-image-1.5", "my-own"]
    ),
    # Unknown keys.
    Row("response_format of a GPT model", OPENAI, {"response_format": "url"},
        "Unknown parameter: 'response_format'.", "response_format", "unknown_parameter"),
    Row("style of a GPT model", OPENAI, {"style": "vivid"}, "Unknown parameter: 'style'.", "style", "unknown_parameter"),
    Row("an own key", OPENAI, {"my_key": 1}, "Unknown parameter: 'my_key'.", "my_key", "unknown_parameter"),
    Row("the first of several by the alphabet", OPENAI, {"zebra": 1, "style": "vivid", "ant": 2},
        "Unknown parameter: 'ant'.", "ant", "unknown_parameter"),
    Row("an edit's parameter", OPENAI, {"input_fidelity": "high"},
        "Unknown parameter: 'input_fidelity'.", "input_fidelity", "unknown_parameter"),
    Row("background of dall-e-3", DALLE, {"model": "dall-e-3", "background": "auto"},
        "Unknown parameter: 'background'.", "background", "unknown_parameter"),
    # The prompt.
    *(
        Row("prompt absent", profile, {"prompt": ...}, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter")
        for profile in [FAKEAI, OPENAI, DALLE]
    ),
    *(Row("prompt empty", profile, {"prompt": ""}, EMPTY, "prompt", "empty_string") for profile in [FAKEAI, OPENAI, DALLE]),
    *(
        Row("prompt long", profile, {"prompt": LONG}, TOO_LONG.format(32_000, 32_001), "prompt", "string_above_max_length")
        for profile in [FAKEAI, OPENAI]
    ),
    Row("prompt long for dall-e-3", DALLE, {"model": "dall-e-3", "prompt": "é" * 4001},
        TOO_LONG.format(4000, 4001), "prompt", "string_above_max_length"),
    Row("prompt long for dall-e-2", DALLE, {"prompt": "x" * 1001},
        "Prompt must be length 1000 or less. Your prompt length is 1001. Please reduce your prompt length.", "prompt", None),
    Row("prompt null", OPENAI, {"prompt": None},
        "Invalid type for 'prompt': expected a string, but got null instead.", "prompt", "invalid_type"),
    # n.
    *(
        Row("n low", profile, {"n": 0},
            "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", "n", "integer_below_min_value")
        for profile in [FAKEAI, OPENAI, DALLE]
    ),
    *(
        Row("n high", profile, {"n": 11},
            "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.", "n", "integer_above_max_value")
        for profile in [FAKEAI, OPENAI, DALLE]
    ),
    Row("n very high", OPENAI, {"n": 10**30},
        "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 1e+30 instead.", "n", "integer_above_max_value"),
    Row("n 1.5", OPENAI, {"n": 1.5}, "Invalid type for 'n': expected an integer, but got a decimal number instead.", "n", "invalid_type"),
    Row("two of dall-e-3", DALLE, {"model": "dall-e-3", "n": 2},
        "Invalid 'n': integer above maximum value. Expected a value <= 1, but got 2 instead.", "n", "integer_above_max_value"),
    # Quality.
    Row("quality", OPENAI, {"quality": "ultra"}, QUALITIES, "quality", "invalid_value"),
    Row("quality of a later model's", OPENAI, {"quality": "xhigh"}, QUALITIES.replace("ultra", "xhigh"), "quality", "invalid_value"),
    Row("quality of gpt-image-2.5", OPENAI, {"model": "gpt-image-2.5-flare", "quality": "ultra"},
        "Invalid value: 'ultra'. Supported values are: 'low', 'medium', 'high', 'auto', 'xhigh', and 'max'.", "quality", "invalid_value"),
    Row("quality of dall-e-3", DALLE, {"model": "dall-e-3", "quality": "high"},
        "Invalid value: 'high'. Supported values are: 'standard' and 'hd'.", "quality", "invalid_value"),
    Row("quality of gpt-image-1", DALLE, {"model": "gpt-image-1", "quality": "hd"},
        QUALITIES.replace("ultra", "hd"), "quality", "invalid_value"),
    Row("quality of any model", FAKEAI, {"quality": "ultra"}, ALL_QUALITIES, "quality", "invalid_value"),
    Row("quality not a string", OPENAI, {"quality": 3},
        "Invalid type for 'quality': expected one of 'low', 'medium', 'high', or 'auto', but got an integer instead.",
        "quality", "invalid_type"),
    # Compression.
    Row("compression high", OPENAI, {"output_compression": 101},
        "Invalid 'output_compression': integer above maximum value. Expected a value <= 100, but got 101 instead.",
        "output_compression", "integer_above_max_value"),
    Row("compression low", FAKEAI, {"output_compression": -1},
        "Invalid 'output_compression': integer below minimum value. Expected a value >= 0, but got -1 instead.",
        "output_compression", "integer_below_min_value"),
    Row("compression of PNG", OPENAI, {"output_compression": 50},
        "Compression less than 100 is not supported for PNG output format", None, "invalid_png_output_compression", IGUE),
    # Sizes.
    *(
        Row(f"size {size}", OPENAI, {"size": size}, f"Invalid size '{size}'. {why}", "size", "invalid_value", IGUE)
        for size, why in {
            "0x0": "Expected WIDTHxHEIGHT, for example '1824x1024'.",
            "1024": "Expected WIDTHxHEIGHT, for example '1824x1024'.",
            "1024X1024": "Expected WIDTHxHEIGHT, for example '1824x1024'.",
            "": "Expected WIDTHxHEIGHT, for example '1824x1024'.",
            "1000x1024": "Width and height must both be divisible by 16.",
            "3856x2160": "The longest edge must be less than or equal to 3840.",
            "3840x1264": "Long-edge to short-edge ratio must be less than or equal to 3:1.",
            "512x512": "Requested resolution is below the current minimum pixel budget.",
            "3840x2176": "Requested resolution exceeds the current pixel budget.",
        }.items()
    ),
    *(
        Row(f"size {size} of {model}", profile, {"model": model, "size": size},
            f"Invalid size '{size}'. Supported sizes are 1024x1024, 1024x1536, 1536x1024, and auto.", "size", "invalid_value", IGUE)
        for profile, model, size in [
            (OPENAI, "gpt-image-1.5", "512x512"), (OPENAI, "gpt-image-1-mini", "2048x2048"),
            (OPENAI, "chatgpt-image-latest", "1792x1024"), (DALLE, "gpt-image-1", "256x256"),
        ]
    ),
    *(
        Row(f"size {size} of {model}", DALLE, {"model": model, "size": size},
            "The size is not supported by this model.", None, "invalid_size")
        for model, size in [("dall-e-3", "512x512"), ("dall-e-3", "auto"), ("dall-e-2", "1792x1024")]
    ),
    *(
        Row(f"size {size}", FAKEAI, {"size": size},
            f"Invalid size '{size}'. Supported sizes are {ALL_SIZES}.", "size", "invalid_value", IGUE)
        for size in ["999x999", "0x0", "3856x2160"]
    ),
    Row("size not a string", OPENAI, {"size": 1024},
        "Invalid type for 'size': expected a string, but got an integer instead.", "size", "invalid_type"),
    # The rest.
    Row("style", FAKEAI, {"style": "loud"},
        "Invalid value: 'loud'. Supported values are: 'vivid' and 'natural'.", "style", "invalid_value"),
    Row("style", DALLE, {"model": "dall-e-3", "style": "loud"},
        "Invalid value: 'loud'. Supported values are: 'vivid' and 'natural'.", "style", "invalid_value"),
    Row("response_format", DALLE, {"response_format": "gif"},
        "Invalid value: 'gif'. Supported values are: 'url' and 'b64_json'.", "response_format", "invalid_value"),
    *(
        Row(name, profile, {name: "ultra"}, f"Invalid value: 'ultra'. Supported values are: {supported}.", name, "invalid_value")
        for profile in [FAKEAI, OPENAI]
        for name, supported in {
            "output_format": "'png', 'webp', and 'jpeg'",
            "moderation": "'auto' and 'low'",
            "background": "'transparent', 'opaque', and 'auto'",
            "complexity": "'low', 'medium', and 'high'",
        }.items()
    ),
    *(
        Row('stream "yes"', profile, {"stream": "yes"},
            "Invalid type for 'stream': expected a boolean, but got a string instead.", "stream", "invalid_type")
        for profile in [FAKEAI, OPENAI]
    ),
    Row("partial_images high", OPENAI, {"partial_images": 4},
        "Invalid 'partial_images': integer above maximum value. Expected a value <= 3, but got 4 instead.",
        "partial_images", "integer_above_max_value"),
    Row("partial_images low", FAKEAI, {"partial_images": -1},
        "Invalid 'partial_images': integer below minimum value. Expected a value >= 0, but got -1 instead.",
        "partial_images", "integer_below_min_value"),
    Row("several streamed", OPENAI, {"stream": True, "n": 2}, "Streaming is only supported with n=1.", "n", None),
    Row("a transparent JPEG", OPENAI, {"background": "transparent", "output_format": "jpeg"},
        "Transparent background is not supported for JPEG output format", "background", "invalid_value", IGUE),
    *(
        Row(name, profile, {name: 1}, f"Invalid type for '{name}': expected a string, but got an integer instead.", name, "invalid_type")
        for profile in [FAKEAI, OPENAI]
        for name in ["user", "safety_identifier"]
    ),
    Row("frame_count high", OPENAI, {"output_format": "gif", "frame_count": 17},
        "Invalid 'frame_count': integer above maximum value. Expected a value <= 16, but got 17 instead.",
        "frame_count", "integer_above_max_value"),
    Row("frame_duration_ms low", OPENAI, {"output_format": "gif", "frame_duration_ms": 0},
        "Invalid 'frame_duration_ms': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "frame_duration_ms", "integer_below_min_value"),
    Row("frames of a PNG", OPENAI, {"frame_count": 4},
        "'frame_count' is only supported with output_format 'gif'.", "frame_count", "invalid_value", IGUE),
    Row("svg a string", OPENAI, {"svg": "x"},
        "Invalid type for 'svg': expected an object, but got a string instead.", "svg", "invalid_type"),
    Row("svg without model", OPENAI, {"output_format": "svg", "svg": {}},
        "Missing required parameter: 'svg.model'.", "svg.model", "missing_required_parameter"),
    Row("svg's effort", OPENAI, {"output_format": "svg", "svg": {"model": "gpt-5", "reasoning": {"effort": "huge"}}},
        "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        "svg.reasoning.effort", "invalid_value"),
    Row("svg of a PNG", OPENAI, {"svg": {"model": "gpt-5"}},
        "'svg' is only supported with output_format 'svg'.", "svg", "invalid_value", IGUE),
    Row("two SVGs", OPENAI, {"output_format": "svg", "n": 2},
        "'n' above 1 is not supported with output_format 'svg'.", "n", "invalid_value", IGUE),
    Row("an SVG streamed", OPENAI, {"output_format": "svg", "stream": True},
        "'stream' is not supported with output_format 'svg'.", "stream", "invalid_value", IGUE),
]

# Everything at once is wrong; what is checked first is mended first.
ORDER = [
    ({"model": "none", "my_key": 1, "prompt": "", "n": 0, "quality": "x", "output_compression": 101, "size": "x", "user": 1}, "model"),
    ({"model": "gpt-image-2"}, "my_key"),
    ({"my_key": ...}, "prompt"),
    ({"prompt": "a lake"}, "n"),
    ({"n": 1}, "quality"),
    ({"quality": "low"}, "output_compression"),
    ({"output_compression": 100}, "size"),
    ({"size": "auto"}, "user"),
]


def in_order() -> list[tuple[dict, str]]:
    """Bodies with ever fewer mistakes, and the parameter that is refused in each."""
    body, steps = {}, []
    for mended, refused in ORDER:
        body = {name: value for name, value in (body | mended).items() if value is not ...}
        steps.append((body, refused))
    return steps


def written(document: object) -> bytes:
    """JSON as the API writes it."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
