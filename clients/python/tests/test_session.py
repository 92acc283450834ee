"""Sessions: rules, the journal, and the messages of failed expectations."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
import time
import typing
import urllib.request
from pathlib import Path

import pytest
from conftest import Post

from fakeai_images import Behavior, ExpectationFailed, FakeAI, FaultName, Match, RequestRefused, Rule, Session, When, delay, fault, shown


def test_sessions_do_not_notice_each_other(fakeai_server: FakeAI, post: Post) -> None:
    one, other = fakeai_server.session(), fakeai_server.session()
    with one.rules(fault("billing")):
        assert post(one)[0] == 400
        assert post(other, by_header=True)[0] == 200
    assert [request.status for request in one.requests()] == [400]
    assert [request.status for request in other.requests()] == [200]


def test_rules_end_with_their_block(fakeai: Session, post: Post) -> None:
    with fakeai.rules(fault("quota")):
        with fakeai.rules(fault("billing")):
            assert post(fakeai)[1]["error"]["code"] == "billing_hard_limit_reached"
        assert post(fakeai)[1]["error"]["code"] == "insufficient_quota"
    assert post(fakeai)[0] == 200


def test_rules_end_with_a_block_that_fails(fakeai: Session, post: Post) -> None:
    with pytest.raises(KeyError), fakeai.rules(fault("quota")):
        raise KeyError
    assert post(fakeai)[0] == 200


def test_every_member_of_a_rule_is_understood(fakeai: Session, post: Post) -> None:
    everything = [
        Rule(Behavior("rate_limit", retry_after=0.25), When(every=2), Match(prompt="storm", size="256x256", key="sk-*"), "second"),
        Rule(Behavior(latency="lognormal:p50=1ms,p99=2ms", bytes="5K"), When(probability=0.5, seed=7), Match(model="gpt-*")),
        fault("moderation", stage="output", categories=["violence", "hate"], match=Match(route="/v1/images/edits")),
        fault("moderation", image=2, when=When(first=1), match=Match(prompt="second image")),
        Rule.sequence("overloaded", Behavior(), repeat=True, match=Match(prompt="in turn"), name="turns"),
        delay(0.05, match=Match(prompt="slowly")),
    ]
    with fakeai.rules(*everything):
        assert [post(fakeai, prompt="a storm")[0] for _ in range(4)] == [200, 429, 200, 429]
        assert [post(fakeai, prompt="in turn")[0] for _ in range(4)] == [503, 200, 503, 200]
        assert len(post(fakeai, prompt="a second image", n=2, model="gpt-image-1")[1]["data"]) == 1
        post(fakeai, prompt="slowly")
    assert [request.rule for request in fakeai.requests(status=429)] == ["second", "second"]
    [slow] = fakeai.requests(prompt="slowly")
    assert slow.latency_ms >= 50


def test_pictures_are_shown_by_turns(program: str, post: Post, tmp_path: Path) -> None:
    files = {}
    for name in ("cat", "dog"):
        subprocess.run([program, "generate", name, "--size", "256x256", "-o", str(tmp_path / f"{name}.png")], check=True, timeout=60)
        files[name] = pixels((tmp_path / f"{name}.png").read_bytes())
    assert files["cat"] != files["dog"]
    with FakeAI.start(program, settings={"FAKEAI_PICTURES": str(tmp_path)}) as mock:
        session = mock.session()

        def ask(prompt: str) -> bytes:
            status, answer = post(session, prompt=prompt, response_format="b64_json")
            assert status == 200, answer
            return pixels(base64.b64decode(answer["data"][0]["b64_json"]))

        with session.rules(shown("cat.png", match=Match(prompt="cat")), shown(["dog.png", "cat.png"])):
            assert [ask(prompt) for prompt in ("a cat", "a lake", "a lake")] == [files["cat"], files["dog"], files["cat"]]
        problem = re.escape('rule 1.then.picture[1] is "dgo.png" (did you mean dog.png?)')
        with pytest.raises(RequestRefused, match=problem), session.rules(shown(["cat.png", "dgo.png"])):
            pass


def pixels(png: bytes) -> bytes:
    """The compressed pixels of a PNG: equal pixels are compressed alike."""
    return png[png.index(b"IDAT") : png.rindex(b"IEND")]


def test_an_invalid_rule_is_explained(fakeai: Session) -> None:
    with pytest.raises(RequestRefused, match=r"every.*whole number from 1") as refusal, fakeai.rules(fault("quota", when=When(every=0))):
        pass
    assert refusal.value.status == 400


def test_the_names_of_faults_are_those_of_the_server(fakeai: Session) -> None:
    with urllib.request.urlopen(f"{fakeai.url}/_fakeai/faults", timeout=10) as response:
        listed = {entry["name"] for entry in json.load(response)["data"]}
    assert set(typing.get_args(FaultName)) == listed | {"none"}


def test_requests_are_selected_by_what_they_contain(fakeai: Session, post: Post) -> None:
    long = "lake " * 200
    for parameters in ({"n": 2}, {"prompt": "a boat", "user": "me"}, {"prompt": long}):
        post(fakeai, **parameters)
    assert [request.sequence for request in fakeai.requests()] == sorted(request.sequence for request in fakeai.requests())
    assert len(fakeai.requests(n=2)) == 1
    assert len(fakeai.requests(prompt=re.compile("^a boat$"))) == 1
    assert len(fakeai.requests(prompt=lambda prompt: prompt.endswith("boat"))) == 1
    assert len(fakeai.requests(prompt=long)) == 1, "the journal cuts long strings"
    assert len(fakeai.requests(user=None)) == 2
    assert fakeai.requests(path="/v1/models") == fakeai.requests(status=500) == fakeai.requests(user="you") == []


def test_a_form_matches_by_the_meaning_of_its_fields(fakeai: Session) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n2\r\n--x--\r\n'
    request = urllib.request.Request(f"{fakeai.base_url}/images/edits", data=body, headers=fakeai.headers)
    request.add_header("Content-Type", "multipart/form-data; boundary=x")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=10)
    refusal.value.close()
    assert len(fakeai.requests(n=2)) == len(fakeai.requests(n="2")) == 1
    assert fakeai.requests(n=3) == []


def test_more_requests_than_a_page_are_all_found(fakeai: Session, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakeai_images.journal.PAGE", 2)
    for number in range(5):
        post(fakeai, user=str(number))
    assert [request.parameters["user"] for request in fakeai.requests()] == list("01234")


def test_waiting_ends_when_there_are_enough(fakeai: Session, post: Post) -> None:
    def soon() -> None:
        for prompt in ("a boat", "a lake", "a lake"):
            time.sleep(0.05)
            post(fakeai, prompt=prompt)

    thread = threading.Thread(target=soon)
    thread.start()
    found = fakeai.wait_for(count=2, timeout=30, prompt="a lake")
    thread.join()
    assert [request.parameters["prompt"] for request in found] == ["a lake", "a lake"]


def test_waiting_in_vain_lists_what_was_received(fakeai: Session, post: Post) -> None:
    post(fakeai, prompt="a boat", n=2)
    with pytest.raises(ExpectationFailed) as failure:
        fakeai.wait_for(count=2, timeout=0.1, n=2)
    assert f"expected 2 requests with n=2 within 0.1 s, but there were 1; session {fakeai.name} received 1 request:" in str(failure.value)
    assert "1. POST /v1/images/generations -> 200 in" in str(failure.value)


def test_a_failed_assertion_says_how_each_request_differs(fakeai: Session, post: Post) -> None:
    with pytest.raises(ExpectationFailed, match=f"received no request .*sk-session-{fakeai.name}"):
        fakeai.assert_requested()
    post(fakeai, prompt="a boat", n=2)
    post(fakeai, prompt="a lake", n=1)
    fakeai.assert_requested(prompt="a lake")
    with pytest.raises(ExpectationFailed) as failure:
        fakeai.assert_requested(prompt="a lake", n=2)
    first, second = re.findall(r"^  \d\. .*", str(failure.value), re.MULTILINE)
    assert first.endswith("[differs in prompt]") and "n=2, prompt='a boat'" in first
    assert second.endswith("[differs in n]")
    with pytest.raises(ExpectationFailed, match="expected exactly 1 request, but there were 2"):
        fakeai.assert_requested(count=1)
    with pytest.raises(ExpectationFailed, match="expected exactly 0 requests with prompt='a lake', but there were 1"):
        fakeai.assert_not_requested(prompt="a lake")


def test_a_reset_forgets_requests_and_rules(fakeai: Session, post: Post) -> None:
    fakeai.set_rules(fault("quota"))
    post(fakeai)
    fakeai.clear()
    fakeai.assert_not_requested()
    assert post(fakeai)[0] == 429
    fakeai.reset()
    fakeai.assert_not_requested()
    assert post(fakeai)[0] == 200


def test_requests_without_a_session_have_one_too(fakeai_server: FakeAI, fakeai: Session, post: Post) -> None:
    rest = fakeai_server.session("")
    rest.reset()
    post(fakeai)
    with rest.rules(fault("quota")):
        assert post(rest)[0] == 429
    rest.assert_requested(count=1)
    fakeai_server.reset()
    assert rest.requests() == fakeai.requests() == []


def test_a_session_with_an_impossible_name_is_rejected(fakeai_server: FakeAI) -> None:
    with pytest.raises(ValueError, match="'a b' cannot name a session"):
        fakeai_server.session("a b")
