"""deploy/: what is for a cluster is valid there, and the chart says the same as the plain manifests."""

from __future__ import annotations

from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from cloudcoil.models.prometheus_operator import v1 as prometheus_operator
from helm_python.chart import Chart, lint
from helm_python.errors import HelmError

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = DEPLOY / "kubernetes"
CHART = DEPLOY / "helm/fakeai-images"
VERSIONS = ["1.25.0", kubernetes_validate.latest_version()]
"""The oldest that the chart allows, and the newest that is known."""

EVERYTHING = {
    "image": {"repository": "registry.example.com/fakeai-images", "tag": "1.0.0-fonts"},
    "imagePullSecrets": [{"name": "registry"}],
    "settings": {"FAKEAI_LATENCY": "openai", "FAKEAI_TRUSTED_HOSTS": "mock.example.com"},
    "rules": [{"when": {"every": 7}, "then": {"fault": "rate_limit"}}],
    "keysSecret": "keys",
    "podMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "podAnnotations": {"example.com/owner": "tests"},
    "podLabels": {"team": "tests"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "tests", "operator": "Exists"}],
    "affinity": {"podAntiAffinity": {}},
    "networkPolicy": {"enabled": True, "namespaces": []},
}
MISTAKES = [
    {"replicas": 3}, {"store": {"sizeMiB": "256M"}}, {"store": {"sizeMiB": 0}}, {"settings": {"FAKEAI_WORKERS": 4}},
    {"settings": {"LATENCY": "openai"}}, {"settings": {"FAKEAI_PORT": "80"}}, {"insiders": ["mock.example.com"]},
    {"service": {"type": "Headless"}}, {"image": {"repository": "x", "pullpolicy": "Never"}},
]


def plain() -> list[dict]:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(file.name for file in MANIFESTS.glob("*.yaml") if file.stem != "kustomization")
    return [yaml.safe_load((MANIFESTS / name).read_text()) for name in listed]


def rendered(values: dict | None = None, name: str = "fakeai-images") -> list[dict]:
    texts = Chart.load(CHART).render(values, name=name, namespace="staging")
    documents = [yaml.safe_load(text) for path, text in texts.items() if path.endswith(".yaml")]
    return [document for document in documents if document]


def check(resource: dict, version: str) -> None:
    if resource["kind"] == "PodMonitor":
        model = prometheus_operator.PodMonitor.model_validate(resource)
        # The model ignores what it does not know.
        assert model.model_dump(mode="json", by_alias=True, exclude_unset=True) == resource
    else:
        kubernetes_validate.validate(resource, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_plain_manifests_are_valid(version):
    for resource in plain():
        check(resource, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", [{}, EVERYTHING], ids=["defaults", "everything"])
def test_the_chart_renders_valid_resources(values, version):
    resources = rendered(values)
    assert len(resources) == (5 if values else 3)
    for resource in resources:
        check(resource, version)


@pytest.mark.parametrize("values", [None, EVERYTHING], ids=["defaults", "everything"])
def test_helm_has_no_complaint(values):
    report = lint(CHART, values, strict=True)
    # An icon is recommended.
    assert [message for message in report["messages"] if message["severity"] > 1] == [] and report["errors"] == []


def test_the_values_are_the_defaults_of_the_schema_and_documented():
    chart = Chart.load(CHART)
    assert set(chart.schema["properties"]) - set(chart.values) == {"global", "nameOverride", "fullnameOverride"}


@pytest.mark.parametrize("values", MISTAKES, ids=str)
def test_a_mistake_in_the_values_is_rejected(values):
    with pytest.raises(HelmError):
        Chart.load(CHART).validate_schema(Chart.load(CHART).merge_values(values))


def test_the_chart_and_the_plain_manifests_describe_the_same_pod():
    [there] = [resource for resource in plain() if resource["kind"] == "Deployment"]
    [here] = [resource for resource in rendered() if resource["kind"] == "Deployment"]
    assert here["spec"]["template"]["spec"] == there["spec"]["template"]["spec"]
    for part in ("replicas", "strategy"):
        assert here["spec"][part] == there["spec"][part]


@pytest.mark.parametrize("kind, part", [("Service", "ports"), ("NetworkPolicy", "ingress"), ("PodMonitor", "podMetricsEndpoints")])
def test_the_chart_and_the_plain_manifests_agree_on_the_rest(kind, part):
    [there] = [resource for resource in plain() if resource["kind"] == kind]
    [here] = [resource for resource in rendered({"podMonitor": {"enabled": True}}) if resource["kind"] == kind]
    assert here["spec"][part] == there["spec"][part]


def test_two_releases_do_not_share_a_name():
    names = {resource["metadata"]["name"] for name in ("one", "two") for resource in rendered(name=name)}
    assert names == {"one-fakeai-images", "two-fakeai-images"}


def test_the_image_and_the_chart_have_the_version_of_the_package():
    changelog = (DEPLOY.parent / "systemd/debian/changelog").read_text()
    version = changelog.partition("(")[2].partition(")")[0]
    chart = Chart.load(CHART).metadata
    [image] = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["images"]
    assert {chart["appVersion"], chart["version"], image["newTag"]} == {version}
