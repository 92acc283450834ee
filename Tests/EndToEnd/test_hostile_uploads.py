"""Uploads that are meant to hurt: each is refused in the API's shape, within bounded memory, and nobody else notices."""

from __future__ import annotations

import base64
import io
import json
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image

from pool import Pool
from wire import Answer, send

MIB = 1 << 20
MB = 1_000_000
PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n", "image/jpeg", "image/webp"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(width: int, height: int, packed: int) -> bytes:
    """A PNG that says it has so many pixels, with `packed` MiB of zeroes behind its header."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return PNG + header + chunk(b"IDAT", zlib.compress(bytes(packed * MIB), 9)) + chunk(b"IEND", b"")


def ballasted_png(side: int, ballast: int) -> bytes:
    """A black PNG that is large for its pixels: with so many MiB in a chunk that every reader skips."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(side * (1 + 3 * side)), 1))
    return PNG + header + chunk(b"fiLl", bytes(ballast * MIB)) + pixels + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """A lossless WebP that says it has 16,384 pixels a side, which is as many as it can say."""
    pixels = b"\x2f" + struct.pack("<I", 16383 | 16383 << 14) + bytes(64)
    return b"RIFF" + struct.pack("<I", 12 + len(pixels)) + b"WEBPVP8L" + struct.pack("<I", len(pixels)) + pixels


def photograph(side: int, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((side // 16, side // 16), 90).convert("RGB").resize((side, side)).save(file, kind, quality=60, **options)
    return file.getvalue()


def resized(jpeg: bytes, side: int) -> bytes:
    """A JPEG that says it has so many pixels a side, whatever is in it."""
    frame = next(jpeg.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in jpeg)
    return jpeg[: frame + 5] + struct.pack(">HH", side, side) + jpeg[frame + 9 :]


def part(name: str, content: bytes, kind: str | None = None) -> bytes:
    file = f'; filename="x"\r\nContent-Type: {kind}' if kind else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


FIELDS = part("model", b"gpt-image-2") + part("prompt", b"a lake")
END = b"--b--\r\n"


def form(*images: tuple[bytes, str], name: str = "image[]") -> bytes:
    return FIELDS + b"".join(part(name, content, kind) for content, kind in images) + END


def edit(pool: Pool, body: bytes, *, boundary: str = "b", length: int | None = None, profile: str = "openai") -> Answer:
    headers = [
        ("Content-Type", f"multipart/form-data; boundary={boundary}"), ("Authorization", "Bearer test"), ("X-FakeAI-Profile", profile),
        ("Content-Length", str(length or len(body))),
    ]
    return send(pool, "POST", "/v1/images/edits", body, headers)


REFUSED = {
    "a PNG of 50,000 pixels a side": (form((png_bomb(50_000, 50_000, 64), "image/png")), 400, "invalid_image_file"),
    "a PNG with a row of pixels too many": (form((png_bomb(8192, 8193, 1), "image/png")), 400, "invalid_image_file"),
    "a progressive JPEG of 17 megapixels": (
        form((resized(photograph(64, "JPEG", progressive=True, subsampling=0), 4128), JPEG)), 400, "invalid_image_file"),
    "a WebP of 16,384 pixels a side": (form((webp_bomb(), WEBP)), 400, "invalid_image_file"),
    "a PNG that is cut": (form((png_bomb(64, 64, 1)[:60], "image/png")), 400, "invalid_image_file"),
    "noise": (form((bytes(range(256)) * 4096, "image/png")), 400, "invalid_image_file"),
    "a mime type that is none of an image": (form((photograph(64, "JPEG"), "text/html")), 400, "unsupported_file_mimetype"),
    "the same field twice": (
        form((photograph(64, "JPEG"), JPEG), (photograph(64, "JPEG"), JPEG), name="image"), 400, "duplicate_parameter"),
    "10,000 parts": (FIELDS + part("x", b"") * 10_000 + END, 400, None),
    "no last boundary": (FIELDS + part("image", photograph(64, "JPEG"), JPEG), 400, None),
    "a file without end": (FIELDS + part("image", bytes(51 * MIB), JPEG)[:-2], 400, None),
}


@pytest.fixture(scope="module")
def hostile_pool():
    pool = Pool("--workers", "2", IMAGE_STORE_SIZE="16M")
    try:
        pool.start()
        yield pool
    finally:
        pool.close()


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(hostile_pool, case):
    body, status, code = REFUSED[case]
    answer = edit(hostile_pool, body)
    assert (answer.status, answer.error["code"]) == (status, code), answer.error


def test_sixteen_uploads_of_40_megabytes_are_refused_before_they_are_sent(hostile_pool):
    answer = edit(hostile_pool, FIELDS + part("image[]", bytes(MIB), JPEG), length=16 * 40 * MIB)
    assert answer.status == 413
    assert answer.error["message"]


def test_a_boundary_of_a_megabyte_is_refused(hostile_pool):
    answer = edit(hostile_pool, END, boundary="b" * MIB)
    assert 400 <= answer.status < 500
    assert answer.error["message"]


def sent_at_once(pool: Pool, bodies: list[bytes]) -> list[int]:
    """The statuses of edits that are sent by as many clients, while another one fetches a picture again and again."""
    [url] = pool.urls(size="256x256")
    picture = httpx.get(url).content
    answers: list[Answer] = []
    senders = [threading.Thread(target=lambda body=body: answers.append(edit(pool, body))) for body in bodies]
    with httpx.Client() as other:
        for sender in senders:
            sender.start()
        rounds = 0
        while any(sender.is_alive() for sender in senders) or rounds == 0:
            assert other.get(url).content == picture
            rounds += 1
            time.sleep(0.01)
    print(f"\n{rounds} pictures served meanwhile")
    return sorted(answer.status for answer in answers)


def test_others_go_on_meanwhile_and_memory_stays_bounded(hostile_pool):
    """Sixteen pictures of as many pixels as are allowed come with the bombs, four clients at a time."""
    heavy = form(*[(photograph(4096, "JPEG"), JPEG)] * 16)
    bombs = [REFUSED[f"a PNG {name}"][0] for name in ["of 50,000 pixels a side", "with a row of pixels too many"]]
    assert sent_at_once(hostile_pool, [heavy, *bombs, heavy]) == [200, 200, 400, 400]
    assert hostile_pool.peak_memory() < 200 * MB


HEAVY = {
    "PNG": lambda: form((ballasted_png(4096, 24), "image/png")),
    # libjpeg keeps the coefficients of all scans, 96 MiB of them.
    "progressive JPEG": lambda: form(
        (photograph(4096, "JPEG", progressive=True, subsampling=0), JPEG), (ballasted_png(64, 20), "image/png")
    ),
}


@pytest.mark.parametrize("kind", HEAVY)
def test_heavy_edits_take_turns_in_one_workers_memory(start, kind):
    """Each has some 24 MiB and as many pixels as are allowed. None is refused; nginx keeps those that wait."""
    pool = start("--workers", "1", IMAGE_STORE_SIZE="16M")
    assert sent_at_once(pool, [HEAVY[kind]()] * 10) == [200] * 10
    assert pool.peak_memory() < 200 * MB


def test_images_in_json_take_turns_as_well(start):
    pool = start("--workers", "1", IMAGE_STORE_SIZE="16M")
    url = "data:image/png;base64," + base64.b64encode(ballasted_png(64, 14)).decode()
    body = json.dumps({"model": "gpt-image-2", "prompt": "a lake", "images": [{"image_url": url}] * 2}).encode()
    headers = [("Content-Type", "application/json")]
    with ThreadPoolExecutor(6) as clients:
        answers = list(clients.map(lambda _: send(pool, "POST", "/v1/images/edits", body, headers), range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    assert pool.peak_memory() < 200 * MB


def test_edits_that_stream_keep_no_pixels_meanwhile(start):
    """Sixteen that take their time at once: their uploads are small, and 16 MiB each as pixels."""
    pool = start("--workers", "1", IMAGE_STORE_SIZE="16M")
    fields = {"model": b"gpt-image-2", "prompt": b"a lake [[fakeai latency=4s]]", "stream": b"true", "partial_images": b"1"}
    body = b"".join(part(name, value) for name, value in fields.items()) + part("image", ballasted_png(4096, 0), "image/png") + END
    assert sent_at_once(pool, [body] * 16) == [200] * 16
    assert pool.peak_memory() < 200 * MB


# What is small and takes much work: files of some kilobytes, of many pixels each.

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def packed_png(
    width: int, height: int, *, depth: int = 8, kind: int = 6, channels: int = 4, interlaced: bool = False, more: bytes = b""
) -> bytes:
    packer = zlib.compressobj(9)
    packed = bytearray()
    for left, top, across, down in PASSES if interlaced else [(0, 0, 1, 1)]:
        columns = len(range(left, width, across))
        row = b"\0" + b"\x80\x10" * ((columns * channels * depth + 15) // 16)
        for _ in range(top, height, down):
            packed += packer.compress(row[: 1 + (columns * channels * depth + 7) // 8])
    packed += packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced))
    return PNG + header + more + chunk(b"IDAT", bytes(packed)) + chunk(b"IEND", b"")


def text_bombs() -> bytes:
    """Compressed text and a colour profile of 16 MiB each, a hundred times."""
    bomb = zlib.compress(bytes(16 * MIB), 9)
    return chunk(b"iCCP", b"x\0\0" + bomb) + (chunk(b"zTXt", b"x\0\0" + bomb) + chunk(b"iTXt", b"x\0\1\0\0\0" + bomb)) * 50


def mixed(*parts: tuple[str, bytes], **fields: str) -> bytes:
    fields = {"model": "gpt-image-2", "prompt": "a lake", "size": "1024x1024", "quality": "low"} | fields
    texts = b"".join(part(name, value.encode()) for name, value in fields.items())
    return texts + b"".join(part(name, file, "image/png") for name, file in parts) + END


def interlaced_edit(**fields: str) -> bytes:
    picture = packed_png(4096, 4096, depth=16, interlaced=True)
    return mixed(*[("image[]", picture)] * 16, ("mask", picture), **fields)


WORK = {
    "sixteen interlaced pictures and a mask": interlaced_edit,
    "the same as a stream with partial images": lambda: interlaced_edit(stream="true", partial_images="3"),
    "ten images of them": lambda: interlaced_edit(n="10"),
    "text that is packed": lambda: mixed(("image", packed_png(64, 64, more=text_bombs()))),
    "a picture in a hundred thousand chunks": lambda: mixed(("image", packed_png(64, 64, more=chunk(b"vpAg", b"") * 100_000))),
    "rows of 16,384 bits": lambda: mixed(*[("image[]", packed_png(16384, 1024, depth=1, kind=0, channels=1))] * 8),
}


def small_edit(pool: Pool) -> float:
    """Seconds that an edit of a small picture takes."""
    body = mixed(("image", packed_png(64, 64)))
    began = time.monotonic()
    assert edit(pool, body).status == 200
    return time.monotonic() - began


@pytest.mark.parametrize("case", WORK)
def test_small_files_do_not_take_much_work(hostile_pool, case):
    """As long as some dozens of small edits, where the first of these took hundreds of times as long."""
    body = WORK[case]()
    usual = sorted(small_edit(hostile_pool) for _ in range(9))[4]
    began = time.monotonic()
    answer = edit(hostile_pool, body)
    taken = time.monotonic() - began
    print(f"\n{len(body) / MB:.1f} MB took {taken:.2f} s, a small edit {usual:.3f}")
    assert answer.status == 200, answer.body[:500]
    assert taken < 100 * usual
    assert hostile_pool.peak_memory() < 250 * MB


def test_more_work_than_one_request_may_make_is_refused_with_the_reason_or_left_out(hostile_pool):
    # 64 megapixels each, which would take most of a second.
    body = mixed(*[("image[]", packed_png(8192, 8192, depth=1, kind=0, channels=1))] * 16)
    answer = edit(hostile_pool, body)
    assert (answer.status, answer.error["code"]) == (400, "invalid_image_file")
    assert "ms to decode" in answer.error["message"], answer.error
    lenient = edit(hostile_pool, body, profile="fakeai")
    assert lenient.status == 200


PHOTOS = {
    "JPEG": lambda: photograph(4944, "JPEG"),
    "progressive JPEG": lambda: photograph(4944, "JPEG", progressive=True),
    "PNG": lambda: packed_png(6048, 8064, kind=2, channels=3),
    "JPEG of 48 megapixels": lambda: photograph(6928, "JPEG"),
}


@pytest.mark.parametrize("kind", PHOTOS)
def test_photographs_of_more_than_16_megapixels_are_shown(hostile_pool, kind):
    assert edit(hostile_pool, mixed(("image", PHOTOS[kind]()))).status == 200
    assert hostile_pool.peak_memory() < 250 * MB


def test_one_request_of_52_megabytes_stays_within_250(start):
    """The largest body, full of the picture that takes most memory to decode."""
    pool = start("--workers", "1", IMAGE_STORE_SIZE="16M")
    progressive = photograph(4096, "JPEG", progressive=True, subsampling=0)
    ballast = (51 * MIB - len(progressive)) // MIB
    body = mixed(("image[]", progressive), ("image[]", ballasted_png(64, ballast)))
    assert edit(pool, body).status == 200
    assert pool.peak_memory() < 250 * MB


def test_one_request_of_data_urls_stays_within_250(start):
    pool = start("--workers", "1", IMAGE_STORE_SIZE="16M")
    progressive = photograph(4096, "JPEG", progressive=True, subsampling=0)
    urls = ["data:image/png;base64," + base64.b64encode(file).decode() for file in (progressive, *[ballasted_png(64, 13)] * 2)]
    body = json.dumps({"model": "gpt-image-2", "prompt": "a lake", "images": [{"image_url": url} for url in urls]}).encode()
    assert send(pool, "POST", "/v1/images/edits", body, [("Content-Type", "application/json")]).status == 200
    assert pool.peak_memory() < 250 * MB
