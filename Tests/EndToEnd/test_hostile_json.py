"""JSON that is meant to hurt: little of it is a request, and reading it must neither hold up the worker nor fill its memory."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pool import Pool
from wire import Answer, post, send

MIB = 1 << 20
SIZE = 50 * MIB
MEMORY = 250 * MIB
"""Bytes that a worker may have had resident at once."""


def repeated(head: bytes, element: bytes, tail: bytes) -> bytes:
    return head + element * ((SIZE - len(head) - len(tail)) // len(element)) + tail


def names() -> bytes:
    return b'{"prompt":"a"' + b"".join(b',"%07x":0' % number for number in range(SIZE // 13)) + b"}"


def picture() -> bytes:
    """An edit of one image that fills the body. No image, but that shows only when it was decoded."""
    url = "data:image/png;base64," + base64.b64encode(os.urandom(149 * MIB // 10)).decode()
    return json.dumps({"model": "gpt-image-1", "prompt": "a", "images": [{"image_url": url}, {"image_url": url}]}).encode()


GENERATIONS, EDITS, RULES = "/v1/images/generations", "/v1/images/edits", "/_fakeai/rules"

HEAVY: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "names that nobody knows": (GENERATIONS, names, 400),
    "one name again and again": (GENERATIONS, lambda: repeated(b'{"prompt":"a"', b',"":0', b"}"), 400),
    "numbers": (GENERATIONS, lambda: repeated(b'{"prompt":"a","x":[0', b",0", b"]}"), 400),
    "arrays": (GENERATIONS, lambda: repeated(b'{"prompt":"a","x":[[]', b",[]", b"]}"), 400),
    "objects": (GENERATIONS, lambda: repeated(b'{"prompt":"a","x":[{}', b",{}", b"]}"), 400),
    "elements of a known parameter": (EDITS, lambda: repeated(b'{"prompt":"a","images":[0', b",0", b"]}"), 400),
    "escapes": (GENERATIONS, lambda: repeated(b'{"prompt":"', b"\\u0041", b'"}'), 400),
    "surrogate pairs": (GENERATIONS, lambda: repeated(b'{"prompt":"', b"\\ud83c\\udde6", b'"}'), 400),
    "brackets": (GENERATIONS, lambda: b'{"prompt":"a","x":' + b"[" * (SIZE - 20), 400),
    "blanks": (GENERATIONS, lambda: b'{"prompt":"a"' + b" " * (SIZE - 20) + b"}", 200),
    "one long string": (GENERATIONS, lambda: b'{"prompt":"a","x":"' + b"a" * (SIZE - 30) + b'"}', 200),
    "one long number": (GENERATIONS, lambda: b'{"prompt":"a","x":1' + b"0" * (SIZE - 30) + b"}", 400),
    "an image": (EDITS, picture, 200),
    "rules": (RULES, lambda: repeated(b"[{}", b",{}", b"]"), 400),
}


def request(pool: Pool, route: str, body: bytes) -> Answer:
    return send(pool, "PUT" if route == RULES else "POST", route, body, [("Content-Type", "application/json")])


def peak(pool: Pool) -> int:
    """Bytes that the worker had resident at once."""
    (worker,) = pool.workers
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("case", HEAVY)
def test_heavy_json_is_read_beside_the_loop(one_worker, case):
    route, make, status = HEAVY[case]
    body = make()
    assert SIZE * 0.75 < len(body) <= 52 * MIB
    (worker,) = one_worker.workers
    loop, all_threads = processor_time(worker)
    answer = request(one_worker, route, body)
    assert answer.status == status, answer.body[:300]
    loop_took, all_took = (after - before for after, before in zip(processor_time(worker), (loop, all_threads), strict=True))
    # A worker that read it on its loop would answer nobody for all of that time. Processor time, for a busy machine takes the other kind.
    assert loop_took < all_took / 4, f"{loop_took:.3f} of {all_took:.3f} s"
    assert peak(one_worker) < MEMORY, f"{peak(one_worker) / MIB:.0f} MiB"


def processor_time(worker: int) -> tuple[float, float]:
    """Seconds that the worker's loop, which is its first thread, was at work; and all its threads together."""
    times = {task.name: int((task / "schedstat").read_text().split()[0]) / 1e9 for task in Path(f"/proc/{worker}/task").iterdir()}
    return times[str(worker)], sum(times.values())


def test_a_document_of_too_many_values_is_told_so(one_worker):
    answer = post(one_worker, b'{"prompt":"a","x":[' + b"0," * 70_000 + b"0]}")
    assert answer.status == 400
    assert answer.error["message"] == "The JSON body of your request is too complex: more than 65536 values."


INVALID = {
    "a comma too many": b'{"prompt":"a",}',
    "a comma too many, deep inside": b'{"prompt":"a","metadata":[{"b":[1,]}]}',
    "a number that begins with zero": b'{"prompt":"a","seed":01}',
    "an escape that is none": b'{"prompt":"a","note":"\\q"}',
    "half a surrogate pair": b'{"prompt":"a","note":"\\ud800"}',
    "a raw line break": b'{"prompt":"a","note":"a\nb"}',
    "bytes that are not UTF-8": b'{"prompt":"a","note":"\xff"}',
    "not a number": b'{"prompt":"a","note":NaN}',
    "a comment": b'{"prompt":"a"/* */}',
}


@pytest.mark.parametrize("profile", ["fakeai", "openai", "openai-dalle"])
@pytest.mark.parametrize("case", INVALID)
def test_a_mistake_is_found_wherever_it_is(one_worker, profile, case):
    headers = [("Content-Type", "application/json"), ("X-FakeAI-Profile", profile), ("Authorization", "Bearer sk-test")]
    answer = send(one_worker, "POST", GENERATIONS, INVALID[case], headers)
    assert answer.status == 400
    assert answer.error["message"].startswith("We could not parse the JSON body of your request.")


@pytest.mark.parametrize("case", INVALID)
def test_a_mistake_in_rules_is_told_with_its_place(one_worker, case):
    answer = send(one_worker, "PUT", RULES, INVALID[case], [("Content-Type", "application/json")])
    assert answer.status == 400
    assert answer.error["message"].startswith("Invalid rules: the document is not valid JSON: line 1, column "), answer.error


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_a_byte_order_mark_is_skipped_in_bodies_rules_and_keys(start, tmp_path, mark):
    (tmp_path / "keys.json").write_bytes(mark + b'[{"key": "sk-test-1"}]')
    (tmp_path / "rules.json").write_bytes(mark + b"[]")
    pool = start("--workers", "1", KEYS=tmp_path / "keys.json", RULES=tmp_path / "rules.json")
    headers = [("Content-Type", "application/json"), ("Authorization", "Bearer sk-test-1")]
    assert send(pool, "POST", GENERATIONS, mark + b'{"prompt":"a"}', headers).status == 200
    assert send(pool, "PUT", RULES, mark + b"[]", headers).status == 200
