"""deploy/kubernetes in a pod, and compose.yaml, both by podman."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path

import pytest
import yaml

from container import CONFIGURATION, podman
from processes import eventually

ROOT = Path(__file__).resolve().parents[2]


def for_podman(deployment: dict, name: str, image: str) -> dict:
    """Podman 4.3 probes by curl, which the image does not have; the command of the health check asks the same. Ports need a network."""
    deployment["metadata"]["name"] = name
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    container["image"] = image
    del container["ports"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe].pop("httpGet")
        container[probe]["exec"] = {"command": ["fakeai-images", "ready"]}
    return deployment


@pytest.fixture
def pod(image, tmp_path):
    name = f"fakeai-images-test-{os.getpid()}-{secrets.token_hex(4)}"
    manifest = tmp_path / "pod.yaml"
    manifest.write_text(yaml.safe_dump(for_podman(yaml.safe_load((ROOT / "deploy/kubernetes/deployment.yaml").read_text()), name, image)))
    try:
        podman("play", "kube", "--network=none", manifest)
        yield f"{name}-pod-0-fakeai-images"
    finally:
        podman("play", "kube", "--down", manifest, check=False)


def test_the_pod_with_its_probes_is_healthy_and_serves(pod):
    def is_healthy() -> bool:
        [state] = json.loads(podman("inspect", pod))
        assert state["State"]["Running"], podman("logs", pod)
        return subprocess.run(
            ["podman", "healthcheck", "run", pod], env=os.environ | {"CONTAINERS_CONF": str(CONFIGURATION)}, capture_output=True
        ).returncode == 0

    eventually(is_healthy, within=60, what="the liveness probe passes")
    [state] = json.loads(podman("inspect", pod))
    network = ["nsenter", f"--target={state['State']['Pid']}", "--net"]
    answer = subprocess.run(
        [*network, "curl", "-sS", "--fail", "http://127.0.0.1:8000/v1/images/generations", "-H", "Content-Type: application/json",
         "-d", '{"prompt": "a lake at dawn", "size": "256x256"}'],
        capture_output=True, timeout=60,
    )
    url = json.loads(answer.stdout)["data"][0]["url"]
    picture = subprocess.run([*network, "curl", "-sS", "--fail", url], capture_output=True, timeout=60).stdout
    assert picture.startswith(b"\x89PNG")
    stats = subprocess.run([*network, "curl", "-sS", "http://127.0.0.1:8000/_fakeai/stats"], capture_output=True, timeout=60).stdout
    assert json.loads(stats)
