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


def one_of(*values: str) -> str:
    """How the API names what an enumeration expects."""
    quoted = [f"'{value}'" for value in values]
    return "one of " + (", or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 2 else " or ".join(quoted))


# Of the mock's own parameter.
PATTERNS = [
    "grid", "circles", "triangles", "lines", "dots", "waves", "hexagons", "stripes", "checkerboard", "rings", "cubes", "diamonds",
    "chevrons", "bricks", "plaid", "weave", "crosses", "squares", "contours", "scales", "leaves", "loops", "herringbone", "facets",
    "terrazzo",
]

# A value of each of JSON's types but null, which means "not given", by what the API calls it.
KINDS = {"a string": "x", "an integer": 5, "a decimal number": 1.5, "a boolean": True, "an object": {"a": 1}, "an array": ["x"]}

# What each parameter expects; for an enumeration, a string is of the right type.
ANY = {"model": "a string", "prompt": "a string", "n": "an integer", "size": "a string", "user": "a string"}
OF_GPT = ANY | {
    "output_compression": "an integer", "background": one_of("transparent", "opaque", "auto"),
    "output_format": one_of("png", "webp", "jpeg"), "moderation": one_of("auto", "low"), "complexity": one_of("low", "medium", "high"),
    "stream": "a boolean", "partial_images": "an integer", "safety_identifier": "a string", "svg": "an object",
    "frame_count": "an integer", "frame_duration_ms": "an integer",
}
OF_DALLE = ANY | {"style": one_of("vivid", "natural"), "response_format": one_of("url", "b64_json")}
EXPECTED = {
    OPENAI: OF_GPT | {"quality": one_of("low", "medium", "high", "auto")},
    DALLE: OF_DALLE | {"quality": one_of("standard", "hd")},
    FAKEAI: OF_GPT | OF_DALLE | {
        "quality": one_of("standard", "hd", "low", "medium", "high", "auto", "xhigh", "max"), "pattern": one_of(*PATTERNS),
        "motion": one_of("drift", "rise", "pulse"),
    },
}


def is_right(expected: str, kind: str) -> bool:
    return kind == ("a string" if expected.startswith("one of") else expected)


# The value `...` leaves a parameter out.
ROWS = [
    # Types.
    *(
        Row(f"{name} is {kind}", profile, {name: value},
            f"Invalid type for '{name}': expected {expected}, but got {kind} instead.", name, "invalid_type")
        for profile in EXPECTED
        for name, expected in EXPECTED[profile].items()
        for kind, value in KINDS.items()
        if not is_right(expected, kind)
    ),
    *(
        Row(f"{name} is {kind}", OPENAI, {"output_format": "svg", "svg": svg},
            f"Invalid type for '{name}': expected {expected}, but got {kind} instead.", name, "invalid_type")
        for name, kind, expected, svg in [
            ("svg.model", "an integer", "a string", {"model": 5}),
            ("svg.reasoning", "a string", "an object", {"model": "gpt-5", "reasoning": "low"}),
            ("svg.reasoning.effort", "a boolean", one_of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
             {"model": "gpt-5", "reasoning": {"effort": True}}),
        ]
    ),
    # Models.
    Row("model absent", OPENAI, {"model": ...}, "Missing required parameter: 'model'.", "model", "missing_required_parameter"),
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
    Row("the mock's own pattern", OPENAI, {"pattern": "scales"}, "Unknown parameter: 'pattern'.", "pattern", "unknown_parameter"),
    Row("the mock's own motion", OPENAI, {"output_format": "gif", "motion": "rise"}, "Unknown parameter: 'motion'.", "motion",
        "unknown_parameter"),
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
    Row("prompt null", OPENAI, {"prompt": None}, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter"),
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
    # Compression.
    Row("compression high", OPENAI, {"output_compression": 101},
        "Invalid 'output_compression': integer above maximum value. Expected a value <= 100, but got 101 instead.",
        "output_compression", "integer_above_max_value"),
    Row("compression low", FAKEAI, {"output_compression": -1},
        "Invalid 'output_compression': integer below minimum value. Expected a value >= 0, but got -1 instead.",
        "output_compression", "integer_below_min_value"),
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
    Row("partial_images high", OPENAI, {"partial_images": 4},
        "Invalid 'partial_images': integer above maximum value. Expected a value <= 3, but got 4 instead.",
        "partial_images", "integer_above_max_value"),
    Row("partial_images low", FAKEAI, {"partial_images": -1},
        "Invalid 'partial_images': integer below minimum value. Expected a value >= 0, but got -1 instead.",
        "partial_images", "integer_below_min_value"),
    Row("several streamed", OPENAI, {"stream": True, "n": 2}, "Streaming is only supported with n=1.", "n", None),
    Row("a transparent JPEG", OPENAI, {"background": "transparent", "output_format": "jpeg"},
        "Transparent background is not supported for JPEG output format", "background", "invalid_value", IGUE),
    Row("frame_count high", OPENAI, {"output_format": "gif", "frame_count": 17},
        "Invalid 'frame_count': integer above maximum value. Expected a value <= 16, but got 17 instead.",
        "frame_count", "integer_above_max_value"),
    Row("frame_duration_ms low", OPENAI, {"output_format": "gif", "frame_duration_ms": 0},
        "Invalid 'frame_duration_ms': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "frame_duration_ms", "integer_below_min_value"),
    Row("svg without model", OPENAI, {"output_format": "svg", "svg": {}},
        "Missing required parameter: 'svg.model'.", "svg.model", "missing_required_parameter"),
    Row("svg's effort", OPENAI, {"output_format": "svg", "svg": {"model": "gpt-5", "reasoning": {"effort": "huge"}}},
        "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        "svg.reasoning.effort", "invalid_value"),
    Row("svg of a PNG", OPENAI, {"svg": {"model": "gpt-5"}},
        "'svg' is only supported with output_format 'svg'.", "svg", "invalid_value", IGUE),
    Row("two SVGs", OPENAI, {"output_format": "svg", "n": 2},
        "'n' above 1 is not supported with output_format 'svg'.", "n", "invalid_value", IGUE),
    *(
        Row(f"{name} streamed", OPENAI, {"output_format": name, "stream": True},
            f"'stream' is not supported with output_format '{name}'.", "stream", "invalid_value", IGUE)
        for name in ["gif", "svg"]
    ),
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


def in_order(order: list[tuple[dict, str]] = ORDER) -> list[tuple[dict, str]]:
    """Bodies with ever fewer mistakes, and the parameter that is refused in each."""
    body, steps = {}, []
    for mended, refused in order:
        body = {name: value for name, value in (body | mended).items() if value is not ...}
        steps.append((body, refused))
    return steps


def written(document: object) -> bytes:
    """JSON as the API writes it."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
