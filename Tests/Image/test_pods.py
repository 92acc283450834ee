"""deploy/kubernetes-redis in two pods, by podman."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import yaml

from container import Container, podman
from manifests import SEVERAL, kustomized, the
from processes import eventually
from test_pod import for_podman


def deployment() -> dict:
    """Of one pod: podman would give the same volumes to all pods of one deployment."""
    deployment = the("Deployment", kustomized(SEVERAL))
    return deployment | {"spec": deployment["spec"] | {"replicas": 1}}


def pod(name: str, image: str, secret: str) -> dict:
    pod = for_podman(deployment(), name, image)
    spec = pod["spec"]["template"]["spec"]
    [container] = spec["containers"]
    for volume in (*spec["volumes"], *container["volumeMounts"]):
        volume["name"] = f"{name}-{volume['name']}"
    [url] = [variable["valueFrom"]["secretKeyRef"] for variable in container["env"] if "valueFrom" in variable]
    assert url["key"] == "url"
    url["name"] = secret
    # A busy machine may need more than a second to connect.
    container["env"].append({"name": "FAKEAI_REDIS_TIMEOUT", "value": "20s"})
    return pod


@pytest.fixture
def hosts(image, redis_image, tmp_path) -> Iterator[list[Container]]:
    """In a network from which nothing leads out, together with Redis."""
    name = f"fakeai-images-test-{secrets.token_hex(4)}"
    names = [f"{name}-{number}" for number in range(2)]
    content = tmp_path / "secret.json"
    with ExitStack() as end:
        podman("network", "create", "--internal", name)
        end.callback(podman, "network", "rm", "--force", name)
        podman("run", "--detach", f"--name={name}-redis", f"--network={name}", redis_image, "redis-server", "--protected-mode", "no")
        redis = Container.named(f"{name}-redis")
        end.callback(redis.remove)
        # As Podman 4.3 reads a secret. Its name server loses queries while containers come and go, so Redis has an address.
        content.write_text(json.dumps({"url": base64.b64encode(f"redis://{redis.address}:6379".encode()).decode()}))
        podman("secret", "create", name, content)
        end.callback(podman, "secret", "rm", name)
        for host in names:
            manifest = tmp_path / f"{host}.yaml"
            manifest.write_text(yaml.safe_dump(pod(host, image, name)))
            end.callback(podman, "play", "kube", "--down", manifest, check=False)
            podman("play", "kube", f"--network={name}", manifest)
        yield [Container.named(f"{host}-pod-0-fakeai-images").wait_until_ready() for host in names]


def test_pods_are_hosts_with_their_own_names_that_serve_each_others_images(hosts):
    pods = [host.name.removesuffix("-fakeai-images") for host in hosts]
    eventually(lambda: all(host.hosts == pods for host in hosts), within=30, what="each pod knows of both")
    for maker, other in (hosts, hosts[::-1]):
        path = maker.picture(size="256x256")
        status, picture = other.get(path)
        assert (status, picture) == maker.get(path) and status == 200
