"""What the image holds, and what it says of itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from container import podman

ROOT = Path(__file__).resolve().parents[2]
MOST = 170_000_000
"""Bytes of the image with the font for Latin, Greek and Cyrillic."""


def version() -> str:
    return (ROOT / "systemd/debian/changelog").read_text().partition("(")[2].partition(")")[0]


def test_the_image_is_small(described):
    print(f"\n{described['Size'] / 1e6:.0f} MB")
    assert described["Size"] <= MOST


def test_the_image_describes_itself(described):
    config = described["Config"]
    assert config["User"] == "10001:0"
    assert config["ExposedPorts"] == {"8000/tcp": {}}
    assert config["StopSignal"] in {"SIGTERM", "15"}
    assert config["Entrypoint"] == ["fakeai-images"] and config["Cmd"] == ["serve"]
    assert described["HealthCheck" if "HealthCheck" in described else "Healthcheck"]["Test"] == ["CMD", "fakeai-images", "ready"]
    labels = described["Labels"]
    assert labels["org.opencontainers.image.version"] == version()
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", labels["org.opencontainers.image.revision"])
    assert labels["org.opencontainers.image.licenses"] == "MIT"


def test_the_image_holds_the_package_that_was_built(image):
    """And not an older one, from a cache of layers."""
    [package] = (ROOT / ".build-deb").glob("fakeai-images_*.deb")
    unpacked = f"dpkg-deb --fsys-tarfile {package} | tar --extract --to-stdout ./usr/bin/fakeai-images | sha256sum"
    built = subprocess.run(["bash", "-c", unpacked], capture_output=True, text=True, check=True).stdout
    held = podman("run", "--rm", "--network=none", "--entrypoint=sha256sum", image, "/usr/bin/fakeai-images")
    assert held.split()[0] == built.split()[0]


def test_no_systemd_and_no_compiler_is_inside(image):
    listed = podman("run", "--rm", "--network=none", "--entrypoint=dpkg-query", image, "--show", "--showformat=${Package}\n").split()
    assert "fakeai-images" in listed and "nginx" in listed
    assert not {name for name in listed if name in {"systemd", "dbus", "gcc", "python3"} or name.endswith("-dev")}


def test_nothing_in_the_image_runs_with_its_owners_rights_for_the_server(image):
    """The server's own files belong to root and are not writable by others."""
    searched = "find /usr/bin/fakeai-images /usr/share/fakeai-images /etc/nginx -perm /022 -not -type l -print -o -not -user root -print"
    assert podman("run", "--rm", "--network=none", "--entrypoint=sh", image, "-c", searched) == ""


def test_any_user_can_write_to_a_new_volume_on_the_directory_for_images(image):
    """Docker gives it the mode of the image's directory; Podman gives it the user as well."""
    assert podman("run", "--rm", "--network=none", "--entrypoint=stat", image, "--format=%a", "/images").strip() == "1777"


def test_the_version_can_be_asked_for(image):
    assert podman("run", "--rm", "--network=none", image, "--version").strip() == f"fakeai-images {version()}"


def test_a_picture_is_drawn_without_a_server(image):
    drawn = subprocess.run(
        ["podman", "run", "--rm", "--network=none", "--entrypoint=sh", image, "-c",
         "fakeai-images generate 'a lake at dawn' --size 256x256 -o /tmp/lake.png && cat /tmp/lake.png"],
        capture_output=True, timeout=120,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CONTAINERS_CONF": str(Path(__file__).with_name("containers.conf"))},
    )
    assert drawn.stdout.startswith(b"\x89PNG"), drawn.stderr


@pytest.mark.parametrize("kind", ["docker.tar", "oci.tar"])
def test_the_archive_holds_the_image(image, kind):
    archive = ROOT / f".build-image/fakeai-images_{version()}_{kind}"
    print(f"\n{archive.name}: {archive.stat().st_size / 1e6:.0f} MB")
    loaded = podman("load", "--input", archive)
    assert f"localhost/fakeai-images:{version()}" in loaded
    assert kind != "docker.tar" or "localhost/fakeai-images:latest" in loaded


def test_the_image_with_all_fonts_has_all_fonts():
    fonts = podman("run", "--rm", "--network=none", "--entrypoint=sh", "localhost/fakeai-images:fonts", "-c", "ls -R /usr/share/fonts")
    for name in ("NotoSansCJK", "NotoColorEmoji", "NotoSansDevanagari"):
        assert name in fonts


def test_the_settings_of_every_deployment_exist(image):
    known = set(re.findall(r"FAKEAI_[A-Z_]+", podman("run", "--rm", "--network=none", image, "serve", "--help")))
    files = [*ROOT.glob("compose*.yaml"), ROOT / "Containerfile", *(file for file in (ROOT / "deploy").rglob("*") if file.is_file())]
    # A picture among them has no names.
    used = {name for file in files for name in re.findall(r"FAKEAI_[A-Z_]*[A-Z]", file.read_text(errors="ignore"))}
    # These name images in files for Compose, the container of the GitHub Action, and the mock for the pytest plugin.
    others = {"FAKEAI_IMAGE", "FAKEAI_REDIS_IMAGE", "FAKEAI_NAME", "FAKEAI_URL"}
    assert used - known == others
