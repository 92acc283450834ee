"""What OpenAI's client makes of keys in every state: the exception class that its users catch."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest

from pool import Pool

KEYS = [
    {"key": "sk-good-key-12345"},
    {"key": "sk-poor-key-12345", "state": "quota"},
    {"key": "sk-bill-key-12345", "state": "billing"},
    {"key": "sk-unve-key-12345", "state": "unverified"},
    {"key": "sk-limi-key-12345", "state": "limited", "images_per_minute": 1000},
    {"key": "sk-gone-key-12345", "state": "unknown"},
    {"key": "sk-brisk-key-12345", "images_per_minute": 120},
]


@pytest.fixture(scope="module")
def keyed_pool(tmp_path_factory) -> Iterator[Pool]:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    path.write_text(json.dumps(KEYS))
    pool = Pool("--workers", "2", KEYS=path)
    try:
        pool.start()
        yield pool
    finally:
        pool.close()


def client(pool: Pool, key: str, retries: int = 0) -> openai.OpenAI:
    return openai.OpenAI(api_key=key, base_url=f"{pool.url}/v1", max_retries=retries)


@pytest.mark.parametrize(
    "key, error, status, kind, code",
    [
        ("sk-nobody-knows-me", openai.AuthenticationError, 401, "invalid_request_error", "invalid_api_key"),
        ("sk-gone-key-12345", openai.AuthenticationError, 401, "invalid_request_error", "invalid_api_key"),
        ("sk-unve-key-12345", openai.PermissionDeniedError, 403, "invalid_request_error", None),
        ("sk-bill-key-12345", openai.BadRequestError, 400, "invalid_request_error", "billing_hard_limit_reached"),
        ("sk-poor-key-12345", openai.RateLimitError, 429, "insufficient_quota", "insufficient_quota"),
        ("sk-limi-key-12345", openai.RateLimitError, 429, "input-images", "rate_limit_exceeded"),
    ],
)
def test_a_key_raises_what_its_state_deserves(keyed_pool, key, error, status, kind, code):
    with client(keyed_pool, key) as api, pytest.raises(error) as raised:
        api.images.generate(model="gpt-image-2", prompt="A lake")
    assert type(raised.value) is error
    assert (raised.value.status_code, raised.value.type, raised.value.code) == (status, kind, code)
    assert raised.value.request_id.startswith("req_")


def test_a_good_key_gets_its_image(keyed_pool):
    with client(keyed_pool, "sk-good-key-12345") as api:
        assert api.images.generate(model="dall-e-3", prompt="A lake", size="256x256").data[0].url


def test_azure_sends_its_key_in_a_header_of_its_own(keyed_pool):
    for key, status in [("sk-good-key-12345", 200), ("sk-nobody-knows-me", 401)]:
        with openai.OpenAI(api_key="unused", base_url=f"{keyed_pool.url}/v1", max_retries=0) as api:
            headers = {"Authorization": openai.omit, "api-key": key}
            try:
                api.models.list(extra_headers=headers)
                assert status == 200
            except openai.AuthenticationError as error:
                assert error.status_code == status


def test_a_client_with_retries_waits_as_told_and_gets_its_image(keyed_pool):
    """120 images a minute: four come back in two seconds, for which the client is told to wait; a busy machine needs some to use up all."""
    with client(keyed_pool, "sk-brisk-key-12345", retries=3) as api:
        for _ in range(12):
            api.images.generate(model="dall-e-3", prompt="A lake", size="256x256", n=10)
        answer = api.images.with_raw_response.generate(model="dall-e-3", prompt="A lake", size="256x256", n=4)
    assert answer.status_code == 200
    assert answer.retries_taken >= 1
