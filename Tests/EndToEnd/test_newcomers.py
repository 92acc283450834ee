"""The usual mistakes of newcomers: each is answered with one line that says what is wrong and what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from leftovers import SHARED_MEMORY, remove, store_name
from pool import BINARY, ROOT, Pool, environment
from wire import post, send

COMMANDS = "serve, generate, upscale, templates, status, ready, worker, help"
SIZES = (
    "WIDTHxHEIGHT such as 1792x1024 with sides from 64 to 3840 and at most 8294400 pixels, a single number for a square, "
    "an aspect ratio such as 16:9, 1K, 2K, 4K or auto"
)
QUALITIES = "standard, hd, low, medium, high, auto, xhigh, max"
FAULTS = "none, missing_api_key, invalid_api_key, "
NOBODY = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that every user may write to."""
    with tempfile.TemporaryDirectory(prefix="fakeai-test-") as directory:
        Path(directory).chmod(0o777)
        yield Path(directory)


def run(place: Path, *arguments: str, text: str = "", user: int | None = None, **variables: object) -> subprocess.CompletedProcess:
    """Runs a command of the program in `place`, which is its temporary directory too."""
    given = environment(temporary=place, **({"IMAGE_STORE_NAME": store_name(), "PORT": 0} | variables))
    program = BINARY
    if user is not None:
        # Another user may not enter the directory of this repository.
        program = shutil.copy(BINARY, place)
        shutil.copytree(ROOT / "nginx", place / "nginx", dirs_exist_ok=True)
    return subprocess.run(
        [program, *arguments], env=given, cwd=place, input=text, capture_output=True, text=True, timeout=30, user=user,
    )


def told(result: subprocess.CompletedProcess, status: int) -> str:
    """The only line that the program wrote."""
    assert result.returncode == status, result.stderr
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    return line.removeprefix("fakeai-images: ")


# What is typed, and the whole line that answers it; "…" stands for the rest of a long one.
TYPED = {
    "an unknown command": (["serv"], f'unknown command "serv" (did you mean serve?); allowed: {COMMANDS}'),
    "no command at all": (["a lake at dawn"], f'unknown command "a lake at dawn"; allowed: {COMMANDS}'),
    "an unknown option": (
        ["serve", "--prot", "80"],
        "unknown option '--prot'. Did you mean '--port'? (fakeai-images serve --help lists what is allowed)",
    ),
    "an option of a command before it": (
        ["--port", "80", "serve"], "unknown option '--port' (fakeai-images --help lists what is allowed)",
    ),
    "no value": (["serve", "--port"], "missing value for '--port <number>' (fakeai-images serve --help lists what is allowed)"),
    "a word too many": (["status", "default"], "unexpected argument 'default' (fakeai-images status --help lists what is allowed)"),
    "a port of letters": (
        ["serve", "--port", "http"], '--port is "http"; allowed: a whole number from 0 to 65535, where 0 is any free port',
    ),
    "a misspelt profile": (
        ["serve", "--profile", "opneai"], '--profile is "opneai" (did you mean openai?); allowed: fakeai, openai or openai-dalle',
    ),
    "a store name in capitals": (
        ["status", "--image-store-name", "Mine"], '--image-store-name is "Mine"; allowed: 1 to 32 of a-z, 0-9 and -',
    ),
    "no prompt": (
        ["generate"], 'the prompt is missing; expected a description of the image, such as: fakeai-images generate "a lake at dawn"',
    ),
    "an empty prompt": (["generate", ""], 'the prompt is empty; expected a description of the image, such as "a lake at dawn"'),
    "nothing on standard input": (["generate", "-"], 'the prompt is empty; expected a description of the image, such as "a lake at dawn"'),
    "a size in words": (["generate", "a lake", "--size", "large"], f'--size is "large"; allowed: {SIZES}'),
    "an unknown quality": (["generate", "a lake", "--quality", "hihg"], f'--quality is "hihg" (did you mean high?); allowed: {QUALITIES}'),
    "a number of letters": (["generate", "a lake", "-n", "ten"], '--count is "ten"; allowed: a whole number from 1 to 100000'),
    "a format that there is not": (
        ["generate", "a lake", "-o", "lake.bmp"],
        '--output is "lake.bmp"; allowed: a name ending with .png, .jpg, .webp, .gif, .svg, .jpeg, or any name with --output-format',
    ),
    "several images on standard output": (
        ["generate", "a lake", "-n", "2", "-o", "-"], "-o - takes a single image, not 2; name a file such as -o lake.png",
    ),
}


@pytest.mark.parametrize("mistake", TYPED)
def test_what_is_typed_is_answered_with_one_line(place, mistake):
    arguments, line = TYPED[mistake]
    assert told(run(place, *arguments), 64) == line


# Variables, and the line that answers them.
VARIABLES = {
    "a URL as the host": (
        {"HOST": "http://0.0.0.0"},
        'FAKEAI_HOST is "http://0.0.0.0"; allowed: up to 16 IPv4 or IPv6 addresses such as 127.0.0.1, 0.0.0.0, ::1 or ::, …',
    ),
    "a name in capitals": ({"IMAGE_STORE_NAME": "Mine"}, 'FAKEAI_IMAGE_STORE_NAME is "Mine"; allowed: 1 to 32 of a-z, 0-9 and -'),
    "not a font": ({"FONT": "/etc/hostname"}, "FAKEAI_FONT: /etc/hostname is not a font that FreeType can read (error …"),
}


@pytest.mark.parametrize("mistake", VARIABLES)
def test_a_variable_is_answered_with_one_line(place, mistake):
    variables, line = VARIABLES[mistake]
    assert told(run(place, "serve", **variables), 64).startswith(line.removesuffix("…"))


# The content of a file, and the line that answers it, after the variable and the path.
KEYS = {
    "a comma too many": ('[{"key": "sk-1"},\n]', "the file is not valid JSON: line 2, column 1: expected a value"),
    "quotes of Python": ("[{'key': 'sk-1'}]", "the file is not valid JSON: line 1, column 3: expected a name in double quotes"),
    "an object": ('{"key": "sk-1"}', 'the file is not a list; allowed: a list of keys such as [{"key": "sk-test-1234", "state": "quota"}]'),
    "no key": ('[{"state": "ok"}]', "key 1: 'key' is missing; allowed: 1 to 256 printable ASCII characters without spaces"),
    "a misspelt member": (
        '[{"key": "sk-1", "status": "ok"}]', "key 1: 'status' is not a member of a key (did you mean state?); allowed: …",
    ),
    "a misspelt state": ('[{"key": "sk-1", "state": "qouta"}]', "key 1: 'state' is \"qouta\" (did you mean quota?); allowed: …"),
}
RULES = {
    "YAML": ("rules:\n- then: reset\n", "the document is not valid JSON: line 1, column 1: expected a value"),
    "a single rule": ('{"then": {"fault": "reset"}}', "the document must be a list"),
    "a misspelt fault": (
        '[{"then": {"fault": "rate_limt"}}]', f'rule 1.then.fault is "rate_limt" (did you mean rate_limit?); allowed: {FAULTS}…',
    ),
    "a misspelt member": (
        '[{"mach": {}, "then": {}}]', 'rule 1 has the unknown member "mach" (did you mean match?); allowed: name, match, when, then',
    ),
    "a number as a time": ('[{"then": {"latency": 2}}]', "rule 1.then.latency must be a string, not an integer"),
}


@pytest.mark.parametrize(("variable", "mistake"), [("KEYS", name) for name in KEYS] + [("RULES", name) for name in RULES])
def test_a_file_is_answered_with_one_line(place, variable, mistake):
    content, line = {"KEYS": KEYS, "RULES": RULES}[variable][mistake]
    path = place / "file.json"
    path.write_text(content)
    answer = told(run(place, "serve", **{variable: path}), 64)
    wanted = f"FAKEAI_{variable}: {path}: {line}"
    assert answer.startswith(wanted.removesuffix("…")) if wanted.endswith("…") else answer == wanted


def test_a_misspelt_variable_is_warned_of_with_the_name_that_was_meant(start):
    pool = start("--workers", "1", PROFLIE="openai")
    [line] = [line for line in pool.log.splitlines() if "FAKEAI_PROFLIE" in line]
    assert line == "fakeai-images: warning: FAKEAI_PROFLIE is not a setting and is ignored; did you mean FAKEAI_PROFILE?"


def test_a_port_in_use_is_named(place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = told(run(place, "serve", PORT=port), 1)
    assert line == f"cannot listen on 127.0.0.1 port {port} (change it with --host or --port): Address already in use"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_port_below_1024_says_what_it_needs(place):
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) < 1024:
        pytest.skip("this machine allows everybody to use such ports")
    line = told(run(place, "serve", PORT=81, user=NOBODY), 1)
    assert line == (
        "cannot listen on 127.0.0.1 port 81 (ports below 1024 need root or CAP_NET_BIND_SERVICE; change it with --port): Permission denied"
    )


def test_nginx_that_is_not_installed_is_named_with_its_package(place):
    if any(Path(folder, "nginx").exists() for folder in ("/usr/sbin", "/usr/local/sbin")):
        attempt = subprocess.run(["unshare", "--mount", "true"], capture_output=True)
        if attempt.returncode:
            pytest.skip("no mount namespace can be made here")
    hide = 'for folder in /usr/sbin /usr/local/sbin; do mount -t tmpfs none "$folder"; done && exec "$@"'
    given = environment(temporary=place, PORT=0, IMAGE_STORE_NAME=store_name()) | {"PATH": "/bin:/usr/bin"}
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", hide, "sh", BINARY, "serve"]
    line = told(subprocess.run(command, env=given, capture_output=True, text=True, timeout=30), 1)
    assert line == "nginx was not found in PATH, /usr/sbin or /usr/local/sbin; install it (Debian: apt install nginx-light)"


def test_an_nginx_that_refuses_its_configuration_speaks_first_and_once(place):
    site = place / "site"
    shutil.copytree(ROOT / "nginx", site)
    file = site / "fakeai-images.conf"
    file.write_text(file.read_text().replace("server {", "server {\n  no_such_directive on;", 1))
    result = run(place, "serve", "--nginx-directory", str(site))
    assert result.returncode == 1
    theirs, ours = result.stderr.splitlines()
    assert 'unknown directive "no_such_directive"' in theirs
    assert re.fullmatch(r"fakeai-images: nginx does not start \(\S+/nginx ended with exit status 1\); its own message is above", ours)


def test_a_store_that_no_worker_can_use_is_reported_once(place):
    name = store_name()
    segment = SHARED_MEMORY / f"fakeai-images-{name}-v1"
    segment.mkdir()
    try:
        line = told(run(place, "serve", "--workers", "3", IMAGE_STORE_NAME=name), 1)
    finally:
        segment.rmdir()
        for left in SHARED_MEMORY.glob(f"fakeai-images-{name}-*"):
            remove(left)
    assert line == (
        f"cannot use shared memory /{segment.name}: it is a directory; remove {segment} or use another store name"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_store_of_another_user_is_not_shown(start, place):
    pool = start("--workers", "1")
    line = told(run(place, "status", IMAGE_STORE_NAME=pool.store_name, user=NOBODY), 1)
    assert line.startswith(f"cannot use shared memory /{pool.store.name}: it belongs to another user")


@pytest.mark.parametrize("output", ["missing/lake.png", "."])
def test_a_file_that_cannot_be_written_is_named(place, output):
    line = told(run(place, "generate", "a lake", "-o", output, "--output-format", "png"), 1)
    reason = {"missing/lake.png": "No such file or directory", ".": "Is a directory; --out-dir writes to a directory"}[output]
    assert line == f"cannot write {output}: {reason}"


def test_status_without_a_pool_says_how_to_get_one(place):
    name = store_name()
    result = run(place, "status", IMAGE_STORE_NAME=name)
    line = told(result, 1)
    assert line.startswith(
        f'there is no store named "{name}"; start a server with fakeai-images serve, or name the store of a running one with '
        "FAKEAI_IMAGE_STORE_NAME"
    )
    as_json = run(place, "status", "--json", IMAGE_STORE_NAME=name)
    assert as_json.returncode == 1 and as_json.stderr.startswith("fakeai-images: there is no store named")
    error = json.loads(as_json.stdout)["error"]
    assert error["store"] == name and error["message"].startswith("there is no store named")


def test_status_names_the_stores_that_there_are(start, place):
    pool = start("--workers", "1")
    line = told(run(place, "status", IMAGE_STORE_NAME=store_name()), 1)
    assert re.search(rf"FAKEAI_IMAGE_STORE_NAME, one of (.*, )?{pool.store_name}\b", line)
    assert "-limits" not in line, "other shared memory of a store is no store"
    told_as_json = json.loads(run(place, "status", "--json", IMAGE_STORE_NAME=store_name()).stdout)
    assert pool.store_name in told_as_json["error"]["other_stores"]


def test_status_names_no_store_that_is_gone(place):
    gone = store_name()
    left = [Path(f"/dev/shm/fakeai-images-{gone}-{part}") for part in ("limits-v1", "rules-v1", "scoreboard-1")]
    try:
        for segment in left:
            segment.touch()
        assert gone not in told(run(place, "status", IMAGE_STORE_NAME=store_name()), 1)
    finally:
        for segment in left:
            segment.unlink()


# Requests, and their answers: the API's own wording, and what the header X-FakeAI-Reason adds to it.
STRICT = [("X-FakeAI-Profile", "openai"), ("Authorization", "Bearer test")]
UNREADABLE = "We could not parse the JSON body of your request. …"
REQUESTS: dict[str, tuple[Callable[[Pool], object], int, str, str | None]] = {
    "a base URL without /v1": (
        lambda pool: send(pool, "POST", "/images/generations", headers=STRICT), 404,
        "Invalid URL (POST /images/generations)", "did you mean /v1/images/generations?",
    ),
    "a base URL with /v1 twice": (
        lambda pool: send(pool, "POST", "/v1/v1/images/generations"), 404,
        "Invalid URL (POST /v1/v1/images/generations)", "did you mean /v1/images/generations?",
    ),
    "a slash at the end": (
        lambda pool: send(pool, "POST", "/v1/images/generations/"), 404,
        "Invalid URL (POST /v1/images/generations/)", "did you mean /v1/images/generations?",
    ),
    "GET instead of POST": (lambda pool: send(pool, "GET", "/v1/images/generations"), 405, "Only POST requests are accepted.", None),
    "a form instead of JSON": (
        lambda pool: post(pool, b"prompt=a+lake", content_type="application/x-www-form-urlencoded"), 400,
        "Unsupported content type: 'application/x-www-form-urlencoded'. This API method only accepts 'application/json' requests, …", None,
    ),
    "a dictionary of Python": (
        lambda pool: post(pool, b"{'prompt': 'a lake'}"), 400, UNREADABLE, "line 1, column 2: expected a name in double quotes",
    ),
    "no prompt": (lambda pool: post(pool, {"n": 1}), 400, "Missing required parameter: 'prompt'.", None),
    "a misspelt prompt": (
        lambda pool: post(pool, {"promt": "a lake"}), 400, "Missing required parameter: 'prompt'.",
        "a parameter with a similar name was sent; did you mean prompt?",
    ),
    "a misspelt model": (
        lambda pool: post(pool, {"model": "gpt-imge-1.5", "prompt": "a"}, headers=STRICT), 400,
        "The model 'gpt-imge-1.5' does not exist.", "did you mean gpt-image-1.5?",
    ),
    "the model of another profile": (
        lambda pool: post(pool, {"model": "dall-e-3", "prompt": "a"}, headers=STRICT), 400,
        "The model 'dall-e-3' does not exist.", "the profile openai-dalle has this model",
    ),
    "a misspelt response format": (
        lambda pool: post(pool, {"prompt": "a", "response_format": "b64json"}), 400,
        "Invalid value: 'b64json'. Supported values are: 'url' and 'b64_json'.", None,
    ),
    "no key": (
        lambda pool: post(pool, {"prompt": "a"}, headers=STRICT[:1]), 401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. …", None,
    ),
    "a misspelt fault": (
        lambda pool: post(pool, {"prompt": "a"}, headers=[("X-FakeAI-Fault", "ratelimit")]), 400,
        f"Invalid value for 'X-FakeAI-Fault': 'fault=ratelimit' (did you mean rate_limit?). Allowed: {FAULTS}…", None,
    ),
    "a misspelt fault in a prompt": (
        lambda pool: post(pool, {"prompt": "a [[fakeai falt=rate_limit]]"}), 400,
        "Invalid value for 'prompt': 'falt=rate_limit' (did you mean fault?). Allowed: the names fault, latency, …", None,
    ),
    "a misspelt profile": (
        lambda pool: post(pool, {"prompt": "a"}, headers=[("X-FakeAI-Profile", "open-ai")]), 400,
        "Invalid value for the header 'X-FakeAI-Profile': 'open-ai' (did you mean openai?). Supported values are: …", None,
    ),
}


@pytest.mark.parametrize("mistake", REQUESTS)
def test_a_request_is_answered_in_the_words_of_the_api_and_with_the_reason(pool, mistake):
    request, status, message, reason = REQUESTS[mistake]
    answer = request(pool)
    assert answer.status == status
    told = answer.error["message"]
    assert told.startswith(message.removesuffix("…")) if message.endswith("…") else told == message
    assert answer.headers.get("X-FakeAI-Reason") == reason


def test_get_instead_of_post_names_the_method_in_allow(pool):
    assert httpx.get(f"{pool.url}/v1/images/generations").headers["Allow"] == "POST"


def test_a_misspelt_fault_in_rules_is_answered_and_leaves_the_old_ones(pool):
    answer = httpx.put(f"{pool.url}/_fakeai/rules", json=[{"then": {"fault": "Rate_Limit"}}])
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(
        'Invalid rules: rule 1.then.fault is "Rate_Limit" (did you mean rate_limit?); allowed: none, '
    )


def test_https_instead_of_http_fails_at_the_client_and_harms_nobody(pool):
    """No server that speaks plain HTTP can explain itself in TLS; the client's own message must be clear."""
    with pytest.raises(httpx.ConnectError, match="WRONG_VERSION_NUMBER|wrong version number"):
        httpx.get(pool.url.replace("http:", "https:"), verify=ssl.create_default_context())
    assert httpx.get(f"{pool.url}/healthz").status_code == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("sudo", "Debian packages are missing, and there is no sudo to install them; as root, type: apt-get install no-such-package"),
        ("apt-get", "this is not Debian, whose packages are needed: no-such-package"),
        ("swift", "swift is not on PATH: install Swift 6.2 or newer for Debian 12, which runs on Debian 13 too, see https://www.swift.org/install/linux/"),
    ],
)
def test_make_without_what_it_needs_says_so_in_one_line(place, missing, line):
    programs = place / "bin"
    programs.mkdir()
    for program in {"bash", "dpkg-query", "apt-get", "swift"} - {missing}:
        (programs / program).symlink_to(shutil.which(program) or "/bin/true")
    # Another user may not enter the directory of this repository.
    script = [shutil.which("bash"), shutil.copy(ROOT / ".ci/install-dependencies", place), "no-such-package"]
    result = subprocess.run(script, env={"PATH": str(programs)}, capture_output=True, text=True, timeout=30, user=NOBODY)
    assert told(result, 1) == line


def test_make_in_a_copy_of_a_build_directory_says_so_in_one_line(place):
    shutil.copytree(ROOT / ".ci", place / ".ci")
    manifest = place / ".build-release/release.yaml"
    manifest.parent.mkdir()
    script = [str(place / ".ci/check-build-trees")]
    for original, status in [(place, 0), (Path("/elsewhere"), 1), (Path(f"{place}-2"), 1)]:
        manifest.write_text(f'inputs: ["{original}/.build-release/x86_64-unknown-linux-gnu/release/a.o"]\n')
        result = subprocess.run(script, capture_output=True, text=True, timeout=30)
        assert result.returncode == status, result.stderr
    assert told(result, 1) == f"{manifest.parent} was built under another path, perhaps before it was copied or moved; type: make clean"
