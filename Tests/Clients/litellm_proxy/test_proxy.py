"""LiteLLM's proxy in front of the mock: a client's request passes through two servers."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pictures import checked_png
from pool import free_port
from processes import eventually
from uploads import picture

KEY = {"Authorization": "Bearer sk-proxy"}
EDIT = {"model": "gpt-image-2", "prompt": "A lake"}


@pytest.fixture(scope="module")
def proxy(pool, tmp_path_factory):
    """The URL of a proxy that knows three models of the mock, one of them at Azure's address."""
    folder = tmp_path_factory.mktemp("proxy")
    of_mock = {"api_base": f"{pool.url}/v1", "api_key": "test"}
    models = {
        "gpt-image-2": {"model": "openai/gpt-image-2"} | of_mock,
        "dall-e-3": {"model": "openai/dall-e-3"} | of_mock,
        "azures": {"model": "azure/gpt-image-2", "api_base": pool.url, "api_key": "test", "api_version": "2025-04-01-preview"},
    }
    configuration = {
        "model_list": [{"model_name": name, "litellm_params": parameters} for name, parameters in models.items()],
        "general_settings": {"master_key": "sk-proxy"},
        "litellm_settings": {"num_retries": 0},
        # Else a model that failed once is refused for a while with 429.
        "router_settings": {"disable_cooldowns": True},
    }
    # JSON is YAML.
    (folder / "config.yaml").write_text(json.dumps(configuration))
    port = free_port()
    command = [str(Path(sys.executable).with_name("litellm")), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_DOCS": "True", "LITELLM_TELEMETRY": "False"}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        url = f"http://127.0.0.1:{port}"
        # It takes long to import on a busy machine.
        eventually(lambda: process.poll() is not None or is_alive(url), within=300, what=f"{url} answers")
        assert process.poll() is None, log.read_text()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/liveliness", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("path", ["/v1/images/generations", "/images/generations", "/openai/deployments/gpt-image-2/images/generations"])
@pytest.mark.parametrize("model", ["gpt-image-2", "azures"])
def test_base64_passes(proxy, path, model):
    body = {"model": model, "prompt": "A lake", "size": "1024x1024", "quality": "low"}
    answer = httpx.post(proxy + path, json=body, headers=KEY, timeout=60)
    assert answer.status_code == 200, answer.text
    [image] = answer.json()["data"]
    checked_png(base64.b64decode(image["b64_json"]), "1024x1024")
    assert answer.json()["usage"]["total_tokens"] > 0


def test_a_url_passes(proxy, pool):
    answer = httpx.post(f"{proxy}/v1/images/generations", json={"model": "dall-e-3", "prompt": "A lake"}, headers=KEY, timeout=60)
    [image] = answer.json()["data"]
    assert image["url"].startswith(pool.url)
    checked_png(httpx.get(image["url"]).content, "1024x1024")


@pytest.mark.parametrize("name", ["image", "image[]"])
def test_an_edit_passes(proxy, name):
    files = [(name, ("a.png", picture(), "image/png")), ("mask", ("mask.png", picture(mode="RGBA"), "image/png"))]
    answer = httpx.post(f"{proxy}/v1/images/edits", data=EDIT, files=files, headers=KEY, timeout=60)
    assert answer.status_code == 200, answer.text
    checked_png(base64.b64decode(answer.json()["data"][0]["b64_json"]))


@pytest.mark.parametrize("fault, status", [("rate_limit", 429), ("invalid_api_key", 401), ("moderation", 400), ("server_error", 500)])
def test_an_error_passes_with_its_status(proxy, fault, status):
    body = {"model": "gpt-image-2", "prompt": f"A lake [[fakeai fault={fault}]]"}
    assert httpx.post(f"{proxy}/v1/images/generations", json=body, headers=KEY, timeout=60).status_code == status
