"""Upgrades, and the way back."""

from __future__ import annotations

import pytest

from processes import eventually
from workers import URL, active_workers, nginx_workers, replaced_by, under_load


def test_an_upgrade_and_a_downgrade_replace_the_workers_without_a_failure(machine, package, later):
    newer, path, nginx = later.version(), machine.picture(), nginx_workers(machine)
    _, before = machine.get(path)
    under_load(machine, lambda: replaced_by(machine, newer), lambda: replaced_by(machine, package))
    assert nginx_workers(machine) == nginx, "nginx was reloaded, though its site has not changed"
    assert machine.get(path) == (200, before)


@pytest.mark.parametrize("file", ["site", "included"])
def test_an_upgrade_that_changes_the_site_puts_it_into_force(machine, package, later, file):
    def headers() -> str:
        return machine.run(f"curl -sS -o /dev/null -D - {URL}/healthz")

    machine.install(later.version(**{file: "add_header X-Site later always;"}))
    eventually(lambda: "X-Site: later" in headers(), within=10, what="the later site")
    machine.install(package)
    eventually(lambda: "X-Site" not in headers(), within=10, what="the site as it was")


def test_an_upgrade_leaves_what_a_person_has_changed(machine, package, later):
    settings, site = "/etc/default/fakeai-images", "/etc/nginx/sites-available/fakeai-images"
    machine.run(f"echo FAKEAI_PROFILE=openai >>{settings} && sed -i 's|/var/log/nginx/fakeai-images.log|/var/log/nginx/mine.log|' {site}")
    machine.install(later.version(settings="# Another sentence.", site="# Another sentence."))
    for file, ours in ((settings, "FAKEAI_PROFILE=openai"), (site, "/var/log/nginx/mine.log")):
        assert ours in machine.run(f"cat {file}")
        assert "# Another sentence." in machine.run(f"cat {file}.dpkg-dist"), "what the package brings is there to be compared"
    assert machine.get("/v1/models")[0] == 401, "the profile that was chosen, in which a key is needed, is in force"
    machine.run(f"sed -i '/^FAKEAI_PROFILE/d' {settings}")
    machine.install(package)
    assert machine.picture()


def test_a_site_that_nginx_refuses_is_not_put_into_force(machine, package, later):
    said = machine.install(later.version(included="no_such_directive;"))
    assert "nginx goes on with the site as it was" in said and "no_such_directive" in said
    assert machine.picture()
    machine.install(package)
    machine.run("nginx -t")


def test_a_version_whose_workers_do_not_come_up_leaves_the_others_alone(machine, package, later):
    """Here for a wrong setting; whatever it is, dpkg says that the installation is not complete, and can go on with it."""
    before, newer = active_workers(machine), later.version()
    machine.run("echo FAKEAI_IMAGE_RETENTION_HOURS=never >>/etc/default/fakeai-images")
    with pytest.raises(AssertionError, match="installed fakeai-images package post-installation script subprocess returned error"):
        machine.install(newer)
    left = active_workers(machine)
    assert left and left.items() <= before.items()
    assert machine.get("/healthz")[0] == 200
    machine.run("sed -i '/RETENTION_HOURS=never/d' /etc/default/fakeai-images && dpkg --configure --pending")
    assert len(active_workers(machine)) == len(before) and not active_workers(machine).items() & before.items()
    machine.install(package)


def test_an_upgrade_starts_nothing_that_was_stopped(machine, package, later):
    machine.run("systemctl stop fakeai-images.target")
    machine.install(later.version())
    assert active_workers(machine) == {}
    machine.install(package)
    machine.run("systemctl start fakeai-images.target")
    assert active_workers(machine)
