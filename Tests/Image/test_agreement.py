"""deploy/: the chart and the plain manifests describe the same, for one host and for several."""

from __future__ import annotations

import pytest

from manifests import MANIFESTS, SEVERAL, SEVERAL_HOSTS, kustomized, pod, rendered, the

FORMS = pytest.mark.parametrize("folder, values", [(MANIFESTS, {}), (SEVERAL, SEVERAL_HOSTS)], ids=["one host", "several hosts"])


@FORMS
def test_the_chart_and_the_plain_manifests_describe_the_same_pod(folder, values):
    there, here = kustomized(folder), rendered(values)
    assert pod(here) == pod(there)
    for part in ("replicas", "strategy"):
        assert the("Deployment", here)["spec"][part] == the("Deployment", there)["spec"][part]


@FORMS
def test_the_chart_and_the_plain_manifests_agree_on_the_rest(folder, values):
    there, here = kustomized(folder), rendered(values | {"podMonitor": {"enabled": True}})
    parts = {"Service": ["ports"], "NetworkPolicy": ["ingress", "egress"], "PodMonitor": ["podMetricsEndpoints"]}
    if values:
        parts["PodDisruptionBudget"] = ["maxUnavailable"]
    for kind, names in parts.items():
        for name in names:
            assert the(kind, here)["spec"][name] == the(kind, there)["spec"][name]


@FORMS
def test_each_selector_selects_the_pods(folder, values):
    for resources in (kustomized(folder), rendered(values | {"podMonitor": {"enabled": True}})):
        labels = the("Deployment", resources)["spec"]["template"]["metadata"]["labels"].items()
        for resource in resources:
            spec = resource["spec"]
            selector = spec.get("podSelector") or spec["selector"]
            assert selector.get("matchLabels", selector).items() <= labels, resource["kind"]
