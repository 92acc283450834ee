"""The refusals of edits and variations as tables: what is sent, as JSON or as a form, and the whole error that comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from rows import DALLE, EMPTY, EXPECTED, FAKEAI, IGUE, IRE, KINDS, LONG, OPENAI, TOO_LONG, is_right, one_of
from uploads import data_url, picture

PNG = ("image.png", picture(), "image/png")
BROKEN = ("image.png", picture()[:60], "image/png")


@dataclass(frozen=True)
class EditRow:
    name: str
    profile: str
    message: str
    param: str | None
    code: str | None
    type: str = IRE
    json: dict | None = None
    fields: dict = field(default_factory=dict)
    files: tuple = ()
    path: str = "edits"

    @property
    def request(self) -> dict:
        """Arguments of httpx's `post`; a prompt and, in the profile `openai`, a model are added where they are not named."""
        defaults = ({"prompt": "a lake"} if self.path == "edits" else {}) | ({"model": "gpt-image-2"} if self.profile == OPENAI else {})
        if self.json is not None:
            return {"json": {name: value for name, value in (defaults | self.json).items() if value is not ...}}
        # A file, for a form without one would not be sent as one.
        fields = {name: value for name, value in (defaults | self.fields).items() if value is not ...}
        return {"data": fields, "files": list(self.files) or [("ignored", b"")]}

    @property
    def error(self) -> dict:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}

    def __str__(self) -> str:
        return f"{self.profile}: {self.name}"


IMAGES = [{"image_url": data_url(picture())}]
WRONG = "Invalid type for '{}': expected {}, but got {} instead."
UNREADABLE = "Invalid image file or mode for image {}, please check your image file."
MASK = "Invalid mask image format - "
DUPLICATE = (
    "Duplicate parameter: 'image'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to "
    "provide a list of values, use the array syntax instead e.g. 'image[]=<value>'."
)
MEDIA_TYPE = (
    "Invalid file 'image': unsupported mimetype ('application/octet-stream'). Supported file formats are 'image/jpeg', 'image/png', "
    "and 'image/webp'."
)
ONLY_PNG = "Invalid file 'image': unsupported mimetype ('{}'). Supported file formats are 'image/png'."
TEXT = "but got a string value that could not be converted into"

# What an edit's parameters expect.
EDIT_EXPECTED = {
    OPENAI: EXPECTED[OPENAI] | {"input_fidelity": one_of("high", "low")},
    FAKEAI: {name: EXPECTED[FAKEAI][name] for name in ["n", "size", "quality", "response_format", "stream", "svg"]},
}

JSON_ROWS = [
    *(
        EditRow(f"{name} is {kind}", profile, WRONG.format(name, expected, kind), name, "invalid_type",
                json={"images": IMAGES, name: value})
        for profile in EDIT_EXPECTED
        for name, expected in EDIT_EXPECTED[profile].items()
        for kind, value in KINDS.items()
        if not is_right(expected, kind)
    ),
    *(
        EditRow(f"images is {kind}", OPENAI, WRONG.format("images", "an array of objects", kind), "images", "invalid_type",
                json={"images": value})
        for kind, value in KINDS.items()
        if kind != "an array"
    ),
    *(
        EditRow(f"{name} is {kind}", OPENAI, WRONG.format(name, "an object", kind), name, "invalid_type",
                json={"model": "gpt-image-2.5-flare", "images": IMAGES, name: value})
        for name in ["mask", "markup"]
        for kind, value in KINDS.items()
        if kind != "an object"
    ),
    EditRow("a mask's URL that is a number", OPENAI, WRONG.format("mask.image_url", "a string", "an integer"), "mask.image_url",
            "invalid_type", json={"images": IMAGES, "mask": {"image_url": 1}}),
    EditRow("a file id that is a number", OPENAI, WRONG.format("images[0].file_id", "a string", "an integer"), "images[0].file_id",
            "invalid_type", json={"images": [{"file_id": 1}]}),
    EditRow("a URL that is too long", OPENAI, TOO_LONG.replace("prompt", "images[0].image_url").format(20_971_520, 20_971_523),
            "images[0].image_url", "string_above_max_length", json={"images": [{"image_url": "data:" + "x" * 20_971_518}]}),
    *(
        EditRow("prompt empty", profile, EMPTY, "prompt", "empty_string", json={"prompt": "", "images": IMAGES})
        for profile in [FAKEAI, OPENAI]
    ),
    EditRow("prompt long", OPENAI, TOO_LONG.format(32_000, 32_001), "prompt", "string_above_max_length",
            json={"prompt": LONG, "images": IMAGES}),
    EditRow("model retired", OPENAI, "The model 'dall-e-2' does not exist.", "model", "invalid_value", IGUE,
            json={"model": "dall-e-2", "images": IMAGES}),
    EditRow("a size", OPENAI, "Invalid size '512x512'. Requested resolution is below the current minimum pixel budget.", "size",
            "invalid_value", IGUE, json={"images": IMAGES, "size": "512x512"}),
    EditRow("a size of gpt-image-1.5", OPENAI, "Invalid size '512x512'. Supported sizes are 1024x1024, 1024x1536, 1536x1024, and auto.",
            "size", "invalid_value", IGUE, json={"model": "gpt-image-1.5", "images": IMAGES, "size": "512x512"}),
    EditRow("several streamed", OPENAI, "Streaming is only supported with n=1.", "n", None,
            json={"images": IMAGES, "n": 2, "stream": True}),
    EditRow("an animation with a mask", OPENAI, "'mask' is not supported with output_format 'gif'.", "mask", "invalid_value", IGUE,
            json={"images": IMAGES, "output_format": "gif", "mask": {"file_id": "file-1"}}),
    EditRow("compression of PNG", OPENAI, "Compression less than 100 is not supported for PNG output format", None,
            "invalid_png_output_compression", IGUE, json={"images": IMAGES, "output_compression": 50}),
    EditRow("a transparent JPEG", OPENAI, "Transparent background is not supported for JPEG output format", "background", "invalid_value",
            IGUE, json={"images": IMAGES, "background": "transparent", "output_format": "jpeg"}),
    EditRow("image", OPENAI, "Unknown parameter: 'image'. For application/json on /v1/images/edits, use 'images' (array).",
            "image", "unknown_parameter", json={"image": "x"}),
    EditRow("image that is none", FAKEAI, WRONG.format("image", "an object", "a string"), "image", "invalid_type", json={"image": "x"}),
    EditRow("image besides", OPENAI, "Unknown parameter: 'image'. For application/json on /v1/images/edits, use 'images' (array).",
            "image", "unknown_parameter", json={"image": "x", "images": IMAGES}),
    *(
        EditRow("images absent", profile, "Missing required parameter: 'images'.", "images", "missing_required_parameter", json={})
        for profile in [FAKEAI, OPENAI]
    ),
    EditRow("an image a string", OPENAI, WRONG.format("images[0]", "an object", "a string"), "images[0]", "invalid_type",
            json={"images": ["x"]}),
    EditRow("the second an array", FAKEAI, WRONG.format("images[1]", "an object", "an array"), "images[1]", "invalid_type",
            json={"images": [*IMAGES, []]}),
    EditRow("images empty", OPENAI,
            "Invalid 'images': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            "images", "empty_array", json={"images": []}),
    EditRow("too many images", OPENAI,
            "Invalid 'images': array too long. Expected an array with maximum length 16, but got an array with length 40 instead.",
            "images", "array_above_max_length", json={"images": IMAGES * 40}),
    *(
        EditRow(f"{len(reference)} keys", OPENAI, "Invalid 'images[0]': expected exactly one of 'image_url' and 'file_id'.",
                "images[0]", "invalid_value", json={"images": [reference]})
        for reference in [{}, {"image_url": "https://a.test/b.png", "file_id": "file-1"}]
    ),
    EditRow("a URL that is a number", OPENAI, WRONG.format("images[0].image_url", "a string", "an integer"),
            "images[0].image_url", "invalid_type", json={"images": [{"image_url": 1}]}),
    EditRow("a URL that is none", OPENAI, "Invalid 'images[0].image_url': expected a URL with the scheme 'data', 'https' or 'http'.",
            "images[0].image_url", "invalid_value", json={"images": [{"image_url": "/etc/passwd"}]}),
    *(
        EditRow(f"no image: {url[:40]}", OPENAI, UNREADABLE.format(1), None, "invalid_image_file", IGUE,
                json={"images": [{"image_url": url}]})
        for url in ["data:image/png;base64,!!", "data:image/png,abc", "data:", data_url(b"GIF89a"), data_url(picture()[:60])]
    ),
    EditRow("no image in the second place", OPENAI, UNREADABLE.format(2), None, "invalid_image_file", IGUE,
            json={"images": [*IMAGES, {"image_url": data_url(b"x")}]}),
    EditRow("prompt absent", OPENAI, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter",
            json={"prompt": ..., "images": IMAGES}),
    EditRow("a mask without alpha", OPENAI, MASK + "mask image missing alpha channel", "mask", "invalid_mask_image_format", IGUE,
            json={"images": IMAGES, "mask": {"image_url": data_url(picture())}}),
    EditRow("a mask of another size", OPENAI, MASK + "mask size does not match image size", "mask", "invalid_mask_image_format", IGUE,
            json={"images": IMAGES, "mask": {"image_url": data_url(picture((32, 32), "RGBA"))}}),
    EditRow("input_fidelity of gpt-image-2", OPENAI, "The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
            "input_fidelity", "invalid_input_fidelity_model", IGUE, json={"images": IMAGES, "input_fidelity": "high"}),
    EditRow("input_fidelity of gpt-image-1-mini", OPENAI, "The model 'gpt-image-1-mini' does not support the 'input_fidelity' parameter.",
            "input_fidelity", "invalid_input_fidelity_model", IGUE,
            json={"model": "gpt-image-1-mini", "images": IMAGES, "input_fidelity": "high"}),
    EditRow("input_fidelity", OPENAI, "Invalid value: 'ultra'. Supported values are: 'high' and 'low'.", "input_fidelity", "invalid_value",
            json={"images": IMAGES, "input_fidelity": "ultra"}),
    EditRow("style", OPENAI, "Unknown parameter: 'style'.", "style", "unknown_parameter", json={"images": IMAGES, "style": "vivid"}),
    EditRow("n", FAKEAI, "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.",
            "n", "integer_above_max_value", json={"images": IMAGES, "n": 11}),
]

FORM_ROWS = [
    # What a form's field has to say reads as a number or not.
    *(
        EditRow(f"{name}={text}", OPENAI, f"Invalid type for '{name}': expected {expected}, {TEXT} {expected}.", name,
                "invalid_type", fields={name: text}, files=(("image", PNG),))
        for name, expected in EXPECTED[OPENAI].items()
        for text in {"an integer": ["abc", "1.5", ""], "a boolean": ["yes", "1", "True"]}.get(expected, [])
    ),
    *(
        EditRow(f"{name} is a file", OPENAI, WRONG.format(name, expected, "a file"), name, "invalid_type",
                fields={name: ...}, files=(("image", PNG), (name, PNG)))
        for name, expected in EDIT_EXPECTED[OPENAI].items()
    ),
    *(
        EditRow(f"{name} is a string", profile, WRONG.format(name, "a file", "a string"), name, "invalid_type",
                fields={"model": "gpt-image-2.5-flare", name: "x"}, files=(("image", PNG),))
        for profile in [FAKEAI, OPENAI]
        for name in ["mask", "markup"]
    ),
    EditRow("n twice", OPENAI, DUPLICATE.replace("image", "n"), "n", "duplicate_parameter", fields={"n": ["1", "2"]},
            files=(("image", PNG),)),
    EditRow("images", OPENAI, "Unknown parameter: 'images'. For multipart/form-data use 'image' or 'image[]'.",
            "images", "unknown_parameter", files=(("images", PNG),)),
    EditRow("image absent", FAKEAI, "Missing required parameter: 'image'.", "image", "missing_required_parameter"),
    EditRow("image twice", OPENAI, DUPLICATE, "image", "duplicate_parameter", files=(("image", PNG), ("image", PNG))),
    EditRow("image a string", OPENAI, WRONG.format("image", "one of an array of files or file", "a string"), "image", "invalid_type",
            fields={"image": "x"}, files=(("mask", PNG),)),
    EditRow("an unknown media type", OPENAI, MEDIA_TYPE, "image", "unsupported_file_mimetype",
            files=(("image", ("upload", picture(), "application/octet-stream")),)),
    EditRow("no image", OPENAI, UNREADABLE.format(1), None, "invalid_image_file", IGUE, files=(("image", BROKEN),)),
    EditRow("no image in the second place", OPENAI, UNREADABLE.format(2), None, "invalid_image_file", IGUE,
            files=(("image[]", PNG), ("image[]", BROKEN))),
    EditRow("too many", OPENAI,
            "Invalid 'image': array too long. Expected an array with maximum length 16, but got an array with length 17 instead.",
            "image", "array_above_max_length", files=(("image[]", PNG),) * 17),
    EditRow("n=11", OPENAI, "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.",
            "n", "integer_above_max_value", fields={"n": "11"}, files=(("image", PNG),)),
    EditRow("quality", OPENAI, "Invalid value: 'ultra'. Supported values are: 'low', 'medium', 'high', and 'auto'.", "quality",
            "invalid_value", fields={"quality": "ultra"}, files=(("image", PNG),)),
    EditRow("svg's effort", FAKEAI,
            "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
            "svg.reasoning.effort", "invalid_value", fields={"svg[model]": "gpt-5", "svg[reasoning][effort]": "huge"},
            files=(("image", PNG),)),
    EditRow("an own field", OPENAI, "Unknown parameter: 'my_key'.", "my_key", "unknown_parameter",
            fields={"my_key": "1"}, files=(("image", PNG),)),
    EditRow("markup of gpt-image-2", OPENAI, "Unknown parameter: 'markup'.", "markup", "unknown_parameter",
            files=(("image", PNG), ("markup", PNG))),
    EditRow("markup and mask", OPENAI, "'markup' is not supported together with 'mask'.", "markup", "invalid_value",
            fields={"model": "gpt-image-2.5-flare"}, files=(("image", PNG), ("markup", PNG), ("mask", PNG))),
    *(
        EditRow(f"dall-e-2 with {name}", DALLE, "Uploaded image must be a PNG and less than 4 MB.", None, "invalid_image_format",
                files=(("image", file),), path=path)
        for path in ["edits", "variations"]
        for name, file in {
            "a JPEG": ("a.jpg", picture(kind="JPEG"), "image/png" if path == "edits" else "image/jpeg"),
            "an oblong": ("a.png", picture((64, 32)), "image/png"),
            "nothing": ("a.png", b"", "image/png"),
            "a large PNG": ("a.png", picture() + bytes(4 << 20), "image/png"),
        }.items()
    ),
    *(
        EditRow(f"dall-e-2 with the type {kind}", DALLE, ONLY_PNG.format(kind), "image", "unsupported_file_mimetype",
                files=(("image", ("a.png", picture(), kind)),))
        for kind in ["image/jpeg", "application/octet-stream", "IMAGE/WEBP; x=1"]
    ),
    EditRow("dall-e-3", DALLE, "The model 'dall-e-3' does not exist.", "model", "invalid_value", IGUE,
            fields={"model": "dall-e-3"}, files=(("image", PNG),)),
    EditRow("a variation's prompt", DALLE, "Unknown parameter: 'prompt'.", "prompt", "unknown_parameter",
            fields={"prompt": "x"}, files=(("image", PNG),), path="variations"),
    EditRow("a variation without image", FAKEAI, "Missing required parameter: 'image'.", "image", "missing_required_parameter",
            path="variations"),
    EditRow("a variation's size", DALLE, "The size is not supported by this model.", None, "invalid_size",
            fields={"size": "1792x1024"}, files=(("image", PNG),), path="variations"),
]

# Everything at once is wrong; what is checked first is mended first.
ORDER = [
    ({"model": "none", "my_key": 1, "prompt": "", "images": [], "n": 0, "quality": "x", "output_compression": 101, "size": "x", "user": 1},
     "model"),
    ({"model": "gpt-image-2"}, "my_key"),
    ({"my_key": ...}, "prompt"),
    ({"prompt": "a lake"}, "images"),
    ({"images": IMAGES, "mask": 1}, "mask"),
    ({"mask": ...}, "n"),
    ({"n": 1}, "quality"),
    ({"quality": "low"}, "output_compression"),
    ({"output_compression": 100}, "size"),
    ({"size": "auto"}, "user"),
]
