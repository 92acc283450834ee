"""HTTPS from `serve`: with a certificate that is made, or with one that is given."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from pool import Pool
from processes import eventually
from refusal import refusal

SMALL = {"prompt": "a lake", "size": "256x256", "model": "dall-e-3"}


class TLSPool(Pool):
    def __init__(self, *flags: str, **variables: object):
        super().__init__("--workers", "1", *flags, **variables)
        self.url = f"https://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """What keeps the certificate authority."""
    with tempfile.TemporaryDirectory(prefix="fakeai-test-") as name:
        yield Path(name) / "tls"


@pytest.fixture(scope="module")
def secure(folder: Path) -> Iterator[TLSPool]:
    pool = TLSPool("--tls", TLS_DIRECTORY=folder, TRUSTED_HOSTS="mock.test,.lab.test", PUBLIC_URL="", HOST="127.0.0.1,127.0.0.2,::1")
    try:
        pool.start()
        yield pool
    finally:
        pool.close()


@pytest.fixture(scope="module")
def authority(folder: Path, secure: TLSPool) -> Path:
    return folder / "ca.pem"


def curl(*arguments: str) -> str:
    return subprocess.run(["curl", "--silent", "--show-error", *arguments], check=True, capture_output=True, text=True, timeout=30).stdout


def test_curl_speaks_http_2_and_gets_https_urls(secure, authority):
    url = f"https://localhost:{secure.port}"
    post = ["-H", "Content-Type: application/json", "-d", json.dumps(SMALL), f"{url}/v1/images/generations"]
    made = curl("--cacert", str(authority), "--http2", *post)
    [image] = json.loads(made)["data"]
    assert image["url"].startswith(f"{url}/images/")
    told = curl("--cacert", str(authority), "--http2", "-o", "/dev/null", "-D", "-", "-w", "%{http_version} %{content_type}", image["url"])
    assert told.startswith("HTTP/2 200") and told.endswith("2 image/png")
    told = curl("--cacert", str(authority), "--head", f"{url}/v1/models")
    assert "strict-transport-security: max-age=31536000" in told
    assert curl("--cacert", str(authority), "--http1.1", "-w", "%{http_version}", f"{url}/healthz").endswith("1.1")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.0.0.2", "::1", socket.gethostname(), "mock.test", "any.lab.test"])
def test_python_verifies_every_name_of_the_server(secure, authority, name):
    context = ssl.create_default_context(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection(("127.0.0.1", secure.port)) as plain, context.wrap_socket(plain, server_hostname=name) as wrapped:
        assert wrapped.version() == "TLSv1.3"


def test_other_names_and_old_versions_are_refused(secure, authority):
    context = ssl.create_default_context(cafile=authority)
    with pytest.raises(ssl.SSLCertVerificationError), socket.create_connection(("127.0.0.1", secure.port)) as plain:
        context.wrap_socket(plain, server_hostname="example.com")


def test_what_is_printed_makes_clients_trust_the_server(secure, authority):
    lines = secure.stdout.read_text().splitlines()
    assert f"Serving on {secure.url}" in lines[0]
    [line] = [line for line in lines if "SSL_CERT_FILE" in line]
    variables = dict(word.split("=", 1) for word in line.split() if "=" in word)
    assert variables == {"SSL_CERT_FILE": str(authority), "REQUESTS_CA_BUNDLE": str(authority)}
    script = f"""
import openai
client = openai.OpenAI(api_key='x', base_url='{secure.url}/v1')
print(client.images.generate(prompt='a', size='256x256', model='dall-e-2').data[0].url)
"""
    python = Path(openai.__file__).parents[4] / "bin" / "python"
    said = subprocess.run([python, "-c", script], env=os.environ | variables, capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.startswith(f"{secure.url}/images/")
    [line] = [line for line in lines if " curl --cacert" in line]
    told = subprocess.run(line.split(maxsplit=1)[1], shell=True, check=True, capture_output=True, text=True)
    assert json.loads(told.stdout) == {"status": "ok"}


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_node_trusts_the_server_by_its_variable(secure):
    [line] = [line for line in secure.stdout.read_text().splitlines() if "NODE_EXTRA_CA_CERTS" in line]
    name, _, value = line.split()[-1].partition("=")
    script = f"fetch('{secure.url}/v1/models').then(answer => console.log(answer.status))"
    for variables, expected in [({name: value}, "200\n"), ({}, "")]:
        result = subprocess.run(["node", "-e", script], env=os.environ | variables, capture_output=True, text=True, timeout=60)
        assert result.stdout == expected, result.stderr


def test_trust_survives_a_restart(secure, authority, folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"ca.pem", "ca-key.pem"}
    assert (folder / "ca-key.pem").stat().st_mode & 0o777 == 0o600
    secure.stop()
    secure.start()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert httpx.get(f"{secure.url}/healthz", verify=ssl.create_default_context(cafile=authority)).status_code == 200


def test_plain_http_gets_an_error_that_says_so_and_health_checks_an_answer(secure):
    plain = secure.url.replace("https", "http")
    answer = httpx.post(f"{plain}/v1/images/generations", json=SMALL)
    assert answer.status_code == 400 and "use https://" in answer.json()["error"]["message"]
    assert answer.json()["error"]["type"] == "invalid_request_error" and answer.headers["x-request-id"].startswith("req_")
    assert httpx.get(f"{plain}/v1/models?/readyz").status_code == 400
    assert {httpx.get(f"{plain}{path}").status_code for path in ("/healthz", "/readyz")} == {200}


def test_the_ready_command_needs_no_certificate(secure):
    told = subprocess.run(
        [secure.command[0], "ready", "--wait", "5"], env=secure.environment | {"FAKEAI_TLS": "true"},
        capture_output=True, text=True, timeout=20,
    )
    assert (told.returncode, told.stderr) == (0, "")


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate of one's own, at a path that nginx would not read as it is."""
    place = tmp_path_factory.mktemp("a $b {c}")
    certificate, key = place / "certificate.pem", place / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=mine",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    return certificate, key


def test_a_certificate_of_ones_own_needs_no_openssl_and_no_switch(given, tmp_path):
    certificate, key = given
    pool = TLSPool("--tls-certificate", str(certificate), TLS_KEY=key, TLS_DIRECTORY=tmp_path / "unused")
    try:
        pool.start()
        assert "SSL_CERT_FILE" not in pool.log and not (tmp_path / "unused").exists()
        assert httpx.get(f"{pool.url}/healthz", verify=ssl.create_default_context(cafile=certificate)).status_code == 200
    finally:
        pool.close()


@pytest.mark.parametrize("name, other", [("CERTIFICATE", "KEY"), ("KEY", "CERTIFICATE")])
def test_half_a_pair_is_one_line(given, name, other):
    ended = refusal(**{f"FAKEAI_TLS_{name}": str(given[name == "KEY"])})
    assert ended.returncode == 64
    [line] = ended.stderr.splitlines()
    assert line == f"fakeai-images: FAKEAI_TLS_{name} is set, but FAKEAI_TLS_{other} is not: set both, or only FAKEAI_TLS"


def test_without_openssl_there_is_one_line(tmp_path):
    ended = refusal("--tls", PATH=str(tmp_path), FAKEAI_TLS_DIRECTORY=str(tmp_path / "tls"))
    [line] = ended.stderr.splitlines()
    assert "openssl, which was not found: install it (Debian: apt install openssl)" in line and ended.returncode == 1


def test_a_directory_that_cannot_be_used_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    ended = refusal("--tls", FAKEAI_TLS_DIRECTORY=str(tmp_path / "file" / "tls"))
    [line] = ended.stderr.splitlines()
    assert f"cannot create {tmp_path}/file/tls for a certificate authority (change it with --tls-directory)" in line


def test_a_directory_with_a_broken_authority_is_one_line(tmp_path):
    for name in ("ca.pem", "ca-key.pem"):
        (tmp_path / name).write_text("not PEM")
    ended = refusal("--tls", FAKEAI_TLS_DIRECTORY=str(tmp_path))
    [line] = ended.stderr.splitlines()
    assert f"openssl cannot make a certificate signed by {tmp_path}/ca.pem: " in line


def test_servers_that_start_at_once_make_one_authority(tmp_path):
    pools = [TLSPool("--tls", TLS_DIRECTORY=tmp_path / "tls") for _ in range(3)]
    try:
        processes = []
        for pool in pools:
            with pool.stdout.open("wb") as out, pool.stderr.open("wb") as error:
                pool.process = subprocess.Popen(pool.command, env=pool.environment, stdout=out, stderr=error, start_new_session=True)
                processes.append(pool.process)
        for pool in pools:
            eventually(lambda pool=pool: pool.url in pool.stdout.read_text() or pool.failed(), within=30, what="all serve")
        context = ssl.create_default_context(cafile=tmp_path / "tls" / "ca.pem")
        assert {httpx.get(f"{pool.url}/healthz", verify=context).status_code for pool in pools} == {200}
    finally:
        for pool in pools:
            pool.close()
