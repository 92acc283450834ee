"""What is in deploy/ for a cluster, as the tools of a cluster read it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml
from helm_python.chart import Chart

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = DEPLOY / "kubernetes"
SEVERAL = DEPLOY / "kubernetes-redis"
CHART = DEPLOY / "helm/fakeai-images"
SEVERAL_HOSTS = {"replicas": 2, "redis": {"secret": "fakeai-images-redis"}}


def kustomized(folder: Path) -> list[dict]:
    """The resources as `kubectl apply --kustomize` creates them."""
    command = [Path(sys.executable).with_name("kubectl"), "kustomize", folder]
    return list(yaml.safe_load_all(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout))


def rendered(values: dict | None = None, name: str = "fakeai-images") -> list[dict]:
    texts = Chart.load(CHART).render(values, name=name, namespace="staging")
    documents = [yaml.safe_load(text) for path, text in texts.items() if path.endswith(".yaml")]
    return [document for document in documents if document]


def the(kind: str, resources: list[dict]) -> dict:
    [found] = [resource for resource in resources if resource["kind"] == kind]
    return found


def pod(resources: list[dict]) -> dict:
    """The pod of the Deployment, without what differs in spelling only: the order of variables, and names of the release."""
    spec = the("Deployment", resources)["spec"]["template"]["spec"]
    for container in spec["containers"]:
        container["env"].sort(key=lambda variable: variable["name"])
    for constraint in spec.get("topologySpreadConstraints", []):
        constraint["labelSelector"]["matchLabels"].pop("app.kubernetes.io/instance", None)
    return spec
