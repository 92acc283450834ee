"""deploy/: what is for a cluster is valid there."""

from __future__ import annotations

import re

import kubernetes_validate
import pytest
import yaml
from cloudcoil.models.prometheus_operator import v1 as prometheus_operator
from helm_python.chart import Chart, lint
from helm_python.errors import HelmError

from manifests import CHART, DEPLOY, MANIFESTS, SEVERAL, SEVERAL_HOSTS, kustomized, rendered

SETTINGS = "Sources/fakeai-images/Configuration/Settings+Table.swift"
VERSIONS = ["1.25.0", kubernetes_validate.latest_version()]
"""The oldest that the chart allows, and the newest that is known."""

EVERYTHING = {
    "image": {"repository": "registry.example.com/fakeai-images", "tag": "1.0.0-fonts"},
    "imagePullSecrets": [{"name": "registry"}],
    "replicas": 3,
    "redis": {"secret": "redis", "ports": [6379, 26379]},
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
    {"replicas": 0}, {"replicas": "3"}, {"replica": 3}, {"redis": {"url": "redis://redis"}}, {"redis": {"secret": "redis", "ports": []}},
    {"settings": {"FAKEAI_REDIS_URL": "redis://redis"}}, {"settings": {"FAKEAI_HOST_NAME": "mock"}},
    {"store": {"sizeMiB": "256M"}}, {"store": {"sizeMiB": 0}}, {"settings": {"FAKEAI_WORKERS": 4}},
    {"settings": {"LATENCY": "openai"}}, {"settings": {"FAKEAI_PORT": "80"}}, {"insiders": ["mock.example.com"]},
    {"service": {"type": "Headless"}}, {"image": {"repository": "x", "pullpolicy": "Never"}},
]


def plain() -> list[dict]:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(file.name for file in MANIFESTS.glob("*.yaml") if file.stem != "kustomization")
    return [yaml.safe_load((MANIFESTS / name).read_text()) for name in listed]


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
@pytest.mark.parametrize("folder, count", [(MANIFESTS, 4), (SEVERAL, 5)], ids=["one host", "several hosts"])
def test_what_kustomize_makes_of_them_is_valid(folder, count, version):
    resources = kustomized(folder)
    assert len(resources) == count
    for resource in resources:
        check(resource, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values, count", [({}, 3), (SEVERAL_HOSTS, 4), (EVERYTHING, 6)], ids=["defaults", "several hosts", "everything"])
def test_the_chart_renders_valid_resources(values, count, version):
    resources = rendered(values)
    assert len(resources) == count
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


def test_replicas_without_redis_are_refused_in_one_line():
    with pytest.raises(HelmError) as refused:
        rendered({"replicas": 3})
    message = str(refused.value).splitlines()
    assert len(message) == 1
    assert "replicas is 3, but pods share images only through Redis: set redis.secret, or replicas to 1" in message[0]


def test_each_setting_that_is_named_exists():
    known = set(re.findall(r"\"(FAKEAI_[A-Z_]+)\"", (DEPLOY.parent / SETTINGS).read_text()))
    files = [file for folder in (MANIFESTS, SEVERAL, CHART) for file in folder.rglob("*") if file.is_file()]
    used = {name for file in files for name in re.findall(r"FAKEAI_[A-Z_]*[A-Z]", file.read_text())}
    assert len(used) > 10 and used <= known, used - known


def test_two_releases_do_not_share_a_name():
    names = {resource["metadata"]["name"] for name in ("one", "two") for resource in rendered(name=name)}
    assert names == {"one-fakeai-images", "two-fakeai-images"}


def test_the_image_and_the_chart_have_the_version_of_the_package():
    changelog = (DEPLOY.parent / "systemd/debian/changelog").read_text()
    version = changelog.partition("(")[2].partition(")")[0]
    chart = Chart.load(CHART).metadata
    [image] = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["images"]
    assert {chart["appVersion"], chart["version"], image["newTag"]} == {version}
