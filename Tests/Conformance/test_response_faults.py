"""The faults of the Responses API, as the official client meets them: at once, in a stream, by its helper, and in the background."""

from __future__ import annotations

import base64
import json

import httpx
import openai
import pytest

from faults import BROKEN, ENDED, PARTIAL_IMAGE, REFUSED, Counting
from processes import eventually

TOOL = {"type": "image_generation", "size": "256x256", "partial_images": 1}
ASKED = {"model": "gpt-5", "input": "a lake", "tools": [TOOL]}
PNG = b"\x89PNG"


@pytest.fixture
def counting(pool) -> Counting:
    return Counting(pool, max_retries=0)


def ask(counting: Counting, fault: str, **more: object):
    return counting.client.responses.create(**ASKED, **more, extra_headers={"X-FakeAI-Fault": fault})


def read(counting: Counting, fault: str, **more: object) -> tuple[list, Exception | None]:
    """The events of a stream, and what was raised after them."""
    came = []
    try:
        for event in ask(counting, fault, stream=True, **more):
            came.append(event)
    except (openai.APIError, json.JSONDecodeError) as error:
        return came, error
    return came, None


def is_png(text: str | None) -> bool:
    return bool(text) and base64.b64decode(text, validate=True).startswith(PNG)


@pytest.mark.parametrize("fault", ENDED)
def test_a_client_that_waits_gets_the_end_or_an_exception(counting, fault):
    expected = ENDED[fault]
    if expected.status is None:
        with pytest.raises(expected.error):
            ask(counting, fault)
    else:
        response = ask(counting, fault)
        assert response.status == expected.status
        assert (response.error is not None) == (expected.status == "failed")
        assert (response.incomplete_details is not None) == (expected.status == "incomplete")
        assert [item.type for item in response.output] == (["image_generation_call", "message"] if fault == "failed_call" else [])
    assert counting.tries == 1


@pytest.mark.parametrize("fault", ENDED)
@pytest.mark.parametrize("store", [True, False])
def test_a_stream_ends_as_the_fault_says_and_not_before(counting, fault, store):
    expected = ENDED[fault]
    came, raised = read(counting, fault, store=store)
    assert type(raised) is (expected.raised or type(None))
    assert [event.type for event in came[:2]] == ["response.created", "response.in_progress"]
    assert came[-1].type == expected.last
    assert [event.sequence_number for event in came] == list(range(len(came)))
    partial = [event for event in came if event.type == PARTIAL_IMAGE]
    assert [is_png(event.partial_image_b64) for event in partial] == ([] if fault == "failed_call" else [True])


def test_a_failed_response_says_why(counting):
    came, _ = read(counting, "response_failed")
    assert came[-1].response.error.code == "server_error" and came[-1].response.output == []
    assert came[-1].response.usage is not None


def test_the_picture_of_an_empty_response_is_in_the_finished_item_only(counting):
    came, _ = read(counting, "empty_response")
    assert came[-1].response.output == [] and came[-1].response.status == "completed"
    [picture] = [event.item for event in came if event.type == "response.output_item.done" and event.item.type == "image_generation_call"]
    assert is_png(picture.result)


@pytest.mark.parametrize("fault, code", [("failed_call", "image_generation_failed"), ("moderation stage=output", "moderation_blocked")])
def test_a_call_fails_in_a_response_that_completes(counting, fault, code):
    came, raised = read(counting, fault)
    assert raised is None
    call, message = came[-1].response.output
    [done] = [event.item for event in came if event.type == "response.output_item.done" and event.item.type == "image_generation_call"]
    for item in (call, done, ask(counting, fault).output[0]):
        assert (item.status, item.result, item.error.code) == ("failed", None, code)
    assert message.content[0].text


@pytest.mark.parametrize("fault", ["response_failed", "response_incomplete", "error_event"])
def test_the_stream_helper_raises_where_nothing_is_completed(counting, fault):
    with pytest.raises(RuntimeError, match=r"response\.completed"):
        with counting.client.responses.stream(**ASKED, extra_headers={"X-FakeAI-Fault": fault}) as stream:
            stream.get_final_response()


@pytest.mark.parametrize("fault, status", [(fault, ended.status or "failed") for fault, ended in ENDED.items() if fault not in BROKEN])
def test_a_background_response_ends_as_the_fault_says(pool, counting, fault, status):
    queued = ask(counting, fault, background=True)
    assert queued.status == "queued"

    def ended():
        response = counting.client.responses.retrieve(queued.id)
        return response if response.status not in ("queued", "in_progress") else None

    response = eventually(ended, within=60, what=f"the end of {queued.id}")
    assert response.status == status
    assert (response.error is not None) == (status == "failed")


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_comes_before_any_event(counting, fault, streams):
    with pytest.raises(REFUSED[fault].error) as raised:
        list(ask(counting, fault, stream=True)) if streams else ask(counting, fault)
    assert raised.value.status_code == REFUSED[fault].status
    assert raised.value.response.headers["x-fakeai-fault"] == fault


def test_no_answer_is_none(pool, counting):
    with pytest.raises(openai.APIConnectionError):
        ask(counting, "reset")
    with pytest.raises(openai.APITimeoutError):
        Counting(pool, max_retries=0, timeout=1).client.responses.create(**ASKED, extra_headers={"X-FakeAI-Fault": "timeout"})


def test_the_flat_error_event_has_the_form_of_the_client_s_type(pool):
    headers = {"X-FakeAI-Fault": "error_event"}
    answer = httpx.post(f"{pool.url}/v1/responses", json=ASKED | {"stream": True}, headers=headers, timeout=60)
    last = json.loads(answer.text.rstrip().rpartition("\ndata: ")[2])
    assert last.keys() == {"type", "code", "message", "param", "sequence_number"} and last["type"] == "error"
