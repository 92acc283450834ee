"""Whether two programs answer alike: starts a pool of each, sends both the same requests, and prints every difference.

    answers.py <before> <after> [--keep <directory>] [--nginx-before <directory>] [--only <part of a scene's name>]

Ends with 1 if anything differs, in an answer or in the journal. The order of work and what varies by itself (times, ids, ports) is fixed
or left out, so that a program does not differ from itself.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from exchange import Answer, exchange
from normal import Names, Normaliser, digest
from pool import ROOT, Pool
from processes import eventually
from recorded import NOBODYS_ID, Call, Scene, scenes

TIMESTAMP = "2026-01-02 03:04:05"


class Program:
    """An executable, and the site that belongs to it."""

    def __init__(self, binary: Path, site: Path | None):
        self.binary = binary.resolve(strict=True)
        own = next((folder / "nginx" for folder in self.binary.parents if (folder / "nginx" / "fakeai-images.conf").exists()), None)
        self.site = site or own or ROOT / "nginx"

    def answers(self, scene: Scene) -> dict[str, dict]:
        """What each request of the scene is answered, by its name, with its entries in the journal."""
        pool = ProgramPool(self, scene)
        try:
            pool.start()
            return Conversation(pool, scene).told()
        finally:
            pool.close()


class ProgramPool(Pool):
    """One worker, for which worker answers is chance."""

    def __init__(self, program: Program, scene: Scene):
        super().__init__(
            "--workers", "1", f"--nginx-directory={program.site}", IMAGE_TIMESTAMP=TIMESTAMP, LOG_LEVEL="error", **scene.settings)
        self.program = program
        for setting, document in scene.files.items():
            file = self.directory / setting
            file.write_text(json.dumps(document))
            self.environment[f"FAKEAI_{setting}"] = str(file)

    @property
    def command(self) -> list[str]:
        return [str(self.program.binary), "serve", *self.flags]


class Conversation:
    """The requests of a scene, one after the other, and what came back."""

    def __init__(self, pool: Pool, scene: Scene):
        self.pool, self.scene = pool, scene
        self.normaliser = Normaliser(pool.port, time.time(), scene.has_limits, frozenset({NOBODYS_ID}))
        self.kept: dict[str, str] = {}
        self.answers: dict[str, dict] = {}
        self.asked: dict[str, tuple[str, Names, float]] = {}
        """By the id of the request, under which the journal has it: its name, its ids, and what it must have taken."""

    def told(self) -> dict[str, dict]:
        for call in self.scene.calls:
            if not call.is_slow:
                self.take(call, self.send(call))
        slow = [call for call in self.scene.calls if call.is_slow]
        with ThreadPoolExecutor(max(1, len(slow))) as together:
            for call, answer in zip(slow, together.map(self.send, slow), strict=True):
                self.take(call, answer)
        self.take_journal()
        return self.answers

    def send(self, call: Call) -> Answer:
        return exchange(self.pool.port, call.sent(self.kept, self.pool.port), call.patience)

    def take(self, call: Call, answer: Answer) -> None:
        name = self.unused(call.name)
        self.answers[name], names = self.normaliser.answer(answer, call.at_least)
        if identifier := answer.header("x-request-id"):
            self.asked[identifier] = name, names, call.at_least
        if call.keeps:
            found = re.search(rb'http://[^"]*(/images/[0-9a-f]{32}\.[a-z]+)"', answer.body)
            self.kept[call.keeps] = found[1].decode() if found else "/images/nothing-was-kept"

    def unused(self, name: str) -> str:
        """The tables of refusals have some names twice."""
        return next(text for text in (name, *(f"{name} ({number})" for number in range(2, 1000))) if text not in self.answers)

    def take_journal(self) -> None:
        """Adds to each answer what the journal has of its request, and under a name of their own the entries of requests without one."""
        without: Counter[str] = Counter()
        for entry in journal(self.pool):
            name, names, at_least = self.asked.get(entry["request_id"] or "", (None, None, 0))
            told = self.normaliser.entry(entry, names, at_least)
            if name:
                self.answers[name].setdefault("journal", []).append(told)
            else:
                without[json.dumps(told, ensure_ascii=False)] += 1
        self.answers["the journal, of requests without an answer"] = {
            "journal": [json.loads(text) | {"times": count} for text, count in sorted(without.items())]
        }


def journal(pool: Pool) -> list[dict]:
    """All entries, when no more come."""
    found: list[list[dict]] = [[]]

    def is_quiet() -> bool:
        found.append(journal_now(pool))
        time.sleep(0.2)
        return len(found[-1]) == len(found[-2])

    eventually(is_quiet, within=20, what="a journal to which nothing is added")
    return found[-1]


def journal_now(pool: Pool) -> list[dict]:
    entries: list[dict] = []
    since = 0
    while True:
        answer = httpx.get(f"{pool.url}/_fakeai/requests", params={"since": since, "limit": 1000}, timeout=30)
        if answer.status_code == 404:
            return []  # No journal is kept.
        page = answer.raise_for_status().json()
        if not page["requests"]:
            return entries
        entries += page["requests"]
        since = page["next"]


def lines(answer: dict | None) -> list[str]:
    """An answer as text of which lines can be compared."""
    if answer is None:
        return ["(nothing: it was not asked)"]
    text = [f"{name}: {answer[name]}" for name in ("status", "whole", "ending") if name in answer]
    text += [f"{name}: {value}" for name, value in answer.get("headers", [])]
    text += answer.get("body", "").splitlines()
    for entry in answer.get("journal", []):
        text += ["journal:", *json.dumps(entry, indent=1, ensure_ascii=False).splitlines()]
    return [line if len(line) <= 400 else f"{line[:300]} … {digest(line.encode())}" for line in text]


def differences(before: dict[str, dict], after: dict[str, dict]) -> dict[str, list[str]]:
    """For each request with answers that differ, the lines that do."""
    found = {}
    for name in before | after:
        if before.get(name) != after.get(name):
            compared = difflib.unified_diff(lines(before.get(name)), lines(after.get(name)), "before", "after", lineterm="", n=1)
            found[name] = list(compared) or ["they differ in the order or the spelling of the same lines"]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--keep", type=Path, default=ROOT / ".build-compare", help="where before.json and after.json are written")
    parser.add_argument("--nginx-before", type=Path, help="the site of the older program, if it is not in a folder around it")
    parser.add_argument("--only", default="", help="part of the names of the scenes")
    options = parser.parse_args()

    programs = {"before": Program(options.before, options.nginx_before), "after": Program(options.after, None)}
    chosen = [scene for scene in scenes() if options.only in scene.name]
    told: dict[str, dict[str, dict]] = {name: {} for name in programs}
    options.keep.mkdir(parents=True, exist_ok=True)
    for name, program in programs.items():
        for scene in chosen:
            told[name] |= {f"{scene.name}: {call}": answer for call, answer in program.answers(scene).items()}
        (options.keep / f"{name}.json").write_text(json.dumps(told[name], indent=1, ensure_ascii=False))

    found = differences(told["before"], told["after"])
    for name, changed in found.items():
        print(f"\n{name}", *(f"  {line}" for line in changed[2:]), sep="\n")
    asked = sum(len(scene.calls) for scene in chosen)
    entries = sum(len(answer.get("journal", [])) for answer in told["after"].values())
    print(f"{asked} requests and {entries} entries of the journal compared: {len(found)} differ ({options.keep} has all answers)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
