"""The view of what goes wrong on purpose."""

from __future__ import annotations

import json

import httpx
import pytest
from playwright.sync_api import expect

from processes import eventually


def rules(room) -> list[dict]:
    return httpx.get(f"{room.url}/_fakeai/rules").json()


def ask(pool, key: str = "test") -> httpx.Response:
    body, headers = {"prompt": "A lake", "size": "64x64"}, {"Authorization": f"Bearer {key}"}
    return httpx.post(f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=30)


def statuses(room, count: int) -> dict[int, set[str]]:
    """The workers that answered requests, by status."""
    seen = {}
    for _ in range(count):
        answer = ask(room)
        seen.setdefault(answer.status_code, set()).add(answer.headers["X-FakeAI-Worker"])
    return seen


def slide(page, name: str, step: int) -> None:
    slider = page.get_by_label(f"{name}: how much")
    slider.press("Home")
    for _ in range(step):
        slider.press("ArrowRight")


@pytest.fixture
def page(visit):
    page = visit("#/faults")
    expect(page.locator(".switches li")).to_have_count(7)
    return page


def test_a_switch_takes_effect_in_every_worker_and_off_again(page, room):
    page.get_by_role("switch", name="Rate limits").check()
    slide(page, "Rate limits", 0)
    rule = '{ "name": "control room: rate limits", "when": { "every": 2 }, "then": { "fault": "rate_limit", "retry_after": "2s" } }'
    expect(page.locator("#rules")).to_have_value(f"[\n  {rule}\n]\n")
    seen = statuses(room, 60)
    assert set(seen) == {200, 429} and len(seen[429]) > 1
    struck = page.locator(".switches li", has_text="Rate limits").locator(".struck")
    expect(struck).to_have_text("struck 30×")
    expect(page.locator("tr", has_text="control room: rate limits").locator("td").last).to_have_text("30")
    page.get_by_role("switch", name="Rate limits").uncheck()
    expect(page.locator("#rules")).to_have_value("[]\n")
    assert set(statuses(room, 10)) == {200}


@pytest.mark.parametrize("name, step, rule", [
    ("Slow answers", 0, {"then": {"latency": "openai"}}), ("Slow answers", 3, {"then": {"latency": "2s"}}),
    ("Server errors", 2, {"when": {"probability": 0.01}, "then": {"fault": "server_error"}}),
    ("Cut answers", 8, {"when": {"probability": 1}, "then": {"fault": "truncate"}}),
])
def test_a_switch_and_its_slider_are_a_rule(page, room, name, step, rule):
    slide(page, name, step)
    page.get_by_role("switch", name=name).check()
    # The page's own text is not enough: it is empty before it has the rules.
    [stored] = eventually(lambda: rules(room), within=20, what="the rule is in force")
    assert stored.pop("name").startswith("control room: ") and stored == rule


def test_switches_leave_other_rules_alone(page, room):
    other = [{"name": "theirs", "match": {"prompt": "storm"}, "then": {"fault": "billing"}}]
    httpx.put(f"{room.url}/_fakeai/rules", json=other).raise_for_status()
    page.get_by_role("switch", name="Overload").check()
    page.wait_for_function("() => document.querySelector('#rules').value.includes('overload')")
    assert [rule["name"] for rule in rules(room)] == ["theirs", "control room: overload"]
    page.get_by_role("switch", name="Overload").uncheck()
    page.wait_for_function("() => !document.querySelector('#rules').value.includes('overload')")
    assert rules(room) == other


@pytest.mark.parametrize("text, line, column, says", [
    ('[\n  {"then": {"fault": "rate_limti"}}\n]', 2, 22, "rate_limit"),
    ('[\n {"then": {}},\n {"when": {"every": 0},\n  "then": {}}\n]', 3, 21, "from 1 to"),
    ('[{"then": {}},\n {"name": "é", "then": {}}]', 2, 11, "ASCII"),
    ('[\n  {"then" {}}\n]', 2, 11, "expected"), ('[{"name": "€" "then": {}}]', 1, 15, "expected"),
    ('[{"when": {"sequence": "once"}, "then": [{}, {"fault": "x"}]}]', 1, 56, "rule 1.then[1].fault"),
])
def test_an_error_is_shown_at_its_line_and_column(visit, text, line, column, says):
    page = visit("#/faults", expects="400 (Bad Request)")
    page.fill("#rules", text)
    page.get_by_role("button", name="Put in force").click()
    problem = page.locator("#rules-problem")
    expect(problem).to_contain_text(f"Line {line}, column {column}: ")
    expect(problem).to_contain_text(says)
    expect(page.locator(".numbers .bad")).to_have_text(str(line))
    offset = page.locator("#rules").evaluate("text => text.selectionStart")
    assert offset == len("\n".join(text.split("\n")[: line - 1])) + (line > 1) + column - 1


def test_rules_are_written_as_json(page, room):
    page.get_by_role("button", name="An example").click()
    expect(page.locator(".editor .hint")).to_have_text("not in force yet")
    page.get_by_role("button", name="Put in force").click()
    expect(page.locator(".editor .hint")).to_have_text("in force in every worker")
    assert [rule["name"] for rule in rules(room)] == ["storms are slow", "twice bad, then good"]


def test_what_is_being_written_is_not_overwritten(page, room):
    page.fill("#rules", "[ ]")
    page.get_by_role("switch", name="Overload").check()
    expect(page.locator(".faults table").first).to_contain_text("overload")
    expect(page.locator("#rules")).to_have_value("[ ]")
    page.get_by_role("button", name="Discard changes").click()
    assert "overload" in page.locator("#rules").input_value()


def test_a_session_has_rules_of_its_own(page, room):
    page.locator("#rules-session").fill("page-test")
    page.locator("#rules-session").press("Enter")
    page.get_by_role("switch", name="Overload").check()
    page.wait_for_function("() => document.querySelector('#rules').value.includes('overload')")
    assert rules(room) == [] and httpx.get(f"{room.url}/_fakeai/rules?session=page-test").json() != []
    httpx.put(f"{room.url}/_fakeai/rules?session=page-test", json=[]).raise_for_status()


def test_keys_show_what_is_left_of_their_limits(visit, start, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([{"key": "sk-small", "images_per_minute": 5}, {"key": "sk-broke", "state": "quota"}]))
    pool = start("--workers", "2", KEYS=keys)
    page = visit("#/faults", url=pool.url + "/")
    row = page.locator("tr", has_text="…mall")
    expect(row).to_contain_text("5 of 5 a minute")
    expect(page.locator("tr", has_text="…roke")).to_contain_text("quota")
    ask(pool, key="sk-small").raise_for_status()
    expect(row).to_contain_text("4 of 5 a minute")
    httpx.post(f"{pool.url}/_fakeai/reset").raise_for_status()
    expect(row).to_contain_text("5 of 5 a minute")
