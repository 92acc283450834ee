"""What schemathesis must not do: ask for faults, which are errors on purpose, wait, or pad images until the store is full."""

from __future__ import annotations

import re

import schemathesis

UNWANTED = {"x-fakeai-fault", "x-fakeai-latency"}
LONGEST_WAIT = 0.1


@schemathesis.hook
def before_call(context, case, kwargs):
    for name, value in list((case.headers or {}).items()):
        is_large = name.lower() == "x-fakeai-bytes" and re.fullmatch(r"[0-9]{5,}|[0-9]{3,}K|[0-9]+M", str(value))
        if name.lower() in UNWANTED or is_large:
            del case.headers[name]
    query = case.query or {}
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", str(query.get("wait"))) and float(query["wait"]) > LONGEST_WAIT:
        query["wait"] = LONGEST_WAIT
    # Rules with faults are for a session that no other request has.
    if (case.method, case.path) == ("PUT", "/_fakeai/rules"):
        case.query = {**query, "session": "schemathesis"}
