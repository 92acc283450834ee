"""Small pictures to send along."""

from __future__ import annotations

import base64
import io

from PIL import Image


def picture(size: tuple[int, int] = (64, 64), mode: str = "RGB", kind: str = "PNG", colour: object = None) -> bytes:
    """A file with a picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, size, colour if colour is not None else {"RGB": (200, 30, 30), "RGBA": (0, 0, 0, 0)}[mode]).save(file, kind)
    return file.getvalue()


def data_url(file: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(file).decode()}"
