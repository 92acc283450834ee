"""What befalls a pool in production, and what an operator does to it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from machine import Machine
from processes import eventually
from traffic import Traffic
from workers import URL, active_workers, replaced, under_load

DOCUMENTATION = Path(__file__).resolve().parents[2] / "Sources/fakeai-images/Documentation.docc"


def test_a_killed_worker_is_replaced(machine):
    before = machine.worker(1)
    machine.run(f"kill -KILL {before}")
    replaced(machine, before, within=15)
    assert machine.get("/healthz")[0] == 200


def test_a_stopped_worker_is_found_out_by_the_watchdog(machine):
    """And whatever it had in hand is answered by another one."""
    before = machine.worker(1)
    machine.run(f"kill -STOP {before}")
    began = time.monotonic()
    with Traffic(URL, posts=2, gets=4, seconds=45, prefix=machine.network, body={"size": "256x256"}) as traffic:
        replaced(machine, before, within=90)
        print(f"\nreplaced after {time.monotonic() - began:.1f} s")
        tallies = traffic.tallies()
    assert "watchdog" in machine.run("journalctl --no-pager --unit=fakeai-images@1 --since=-2min")
    assert {kind: dict(tally.errors) for kind, tally in tallies.items()} == {"post": {}, "get": {}}


@pytest.mark.parametrize("command", ["systemctl start fakeai-images-rollover", "systemctl restart fakeai-images.target"])
def test_restarting_all_workers_under_load_fails_no_request(machine, command):
    before = set(active_workers(machine).values())
    under_load(machine, lambda: machine.run(command))
    after = set(active_workers(machine).values())
    assert len(after) == len(before) and not after & before


def test_the_pool_is_there_after_a_reboot(machine):
    before = active_workers(machine)
    machine.reboot()
    assert active_workers(machine).keys() == before.keys()
    assert machine.run("systemctl list-units --failed --plain --no-legend 'fakeai*' nginx.service") == ""
    assert machine.get(machine.picture())[0] == 200


def test_pictures_outlive_a_full_stop(machine):
    path = machine.picture()
    _, before = machine.get(path)
    machine.run("systemctl stop fakeai-images.target")
    assert active_workers(machine) == {}
    # systemctl waits for the target, which does not wait for its services.
    eventually(lambda: machine.run("pgrep -x fakeai-images", check=False) == "", within=30, what="the workers have ended")
    assert machine.run("ls /run/fakeai-images") == "cache\n"
    status, answer = machine.get(path)
    assert status == 502 and json.loads(answer)["error"]["type"] == "server_error"
    assert machine.run("systemctl start fakeai-images-rollover; echo status $?").endswith("status 1\n"), "it starts what was stopped"
    assert active_workers(machine) == {}
    machine.run("systemctl start fakeai-images.target")
    assert machine.get(path) == (200, before)


def test_a_full_stop_under_load_stops_everything(machine):
    """No waiting request starts a worker again."""
    with Traffic(URL, posts=4, gets=12, seconds=6, prefix=machine.network, body={"size": "256x256"}) as traffic:
        for _ in range(3):
            machine.run("systemctl stop fakeai-images.target")
            time.sleep(0.5)
            assert active_workers(machine) == {}
            assert machine.run("ls /run/fakeai-images") == "cache\n"
            machine.run("systemctl start fakeai-images.target")
        traffic.tallies()
    assert machine.get(machine.picture())[0] == 200


def answered_by(machine: Machine) -> set[str]:
    """Who answers, over 40 requests."""
    heads = machine.run(f"for i in $(seq 40); do curl -sS -o /dev/null -D - {URL}/healthz; done")
    return set(re.findall(r"X-FakeAI-Worker: (\S+)", heads))


def test_the_number_of_workers_follows_the_settings(machine):
    for workers in (3, 1, 2):
        machine.run(f"sed -i '/^FAKEAI_WORKERS/d' /etc/default/fakeai-images; echo FAKEAI_WORKERS={workers} >>/etc/default/fakeai-images")
        machine.run("systemctl start fakeai-images-rollover")
        assert sorted(active_workers(machine)) == [f"fakeai-images@{number}.service" for number in range(1, workers + 1)]
    assert answered_by(machine) == {f"{number}-{machine.worker(number)}" for number in (1, 2)}


def test_a_wrong_setting_stops_a_rollover_at_its_first_worker(machine):
    before = active_workers(machine)
    machine.run("echo FAKEAI_IMAGE_RETENTION_HOURS=never >>/etc/default/fakeai-images")
    assert machine.run("systemctl start fakeai-images-rollover; echo status $?").endswith("status 1\n")
    said = machine.run("journalctl --no-pager --unit=fakeai-images@1 --since=-1min")
    assert 'FAKEAI_IMAGE_RETENTION_HOURS is "never"; allowed: ' in said
    assert active_workers(machine).items() <= before.items() and active_workers(machine)
    assert machine.get("/healthz")[0] == 200
    machine.run("sed -i '/RETENTION_HOURS=never/d' /etc/default/fakeai-images && systemctl start fakeai-images-rollover")
    assert len(active_workers(machine)) == len(before)


def test_requests_are_refused_at_once_where_no_worker_is_left(machine):
    """And are taken again when the setting is mended."""
    before = active_workers(machine)
    machine.run("echo FAKEAI_IMAGE_RETENTION_HOURS=never >>/etc/default/fakeai-images")
    for unit in before:
        machine.run(f"systemctl kill --signal=KILL {unit}", check=False)
    eventually(lambda: machine.property("fakeai-images.socket", "ActiveState") == "inactive", within=30, what="the socket is closed")
    assert active_workers(machine) == {}
    began = time.monotonic()
    assert machine.get("/healthz")[0] == 502
    assert time.monotonic() - began < 30
    machine.run("sed -i '/RETENTION_HOURS=never/d' /etc/default/fakeai-images && systemctl start fakeai-images-rollover")
    assert active_workers(machine).keys() == before.keys()
    assert machine.get("/healthz")[0] == 200


def shell_block(page: str, below: str) -> str:
    """The first shell commands below a heading, for root."""
    return re.findall(r"```sh\n(.*?)```", (DOCUMENTATION / page).read_text().partition(below)[2], re.DOTALL)[0].replace("sudo ", "")


def test_the_guides_commands_for_tls_and_for_insiders_work(machine):
    tls, insiders = (shell_block(page, below="## With the Debian package") for page in ("Guides/TLS.md", "Reference/Access.md"))
    machine.run("cp -p /etc/nginx/sites-available/fakeai-images /root/site && ip address add 10.1.2.3/32 dev lo")

    def sees() -> str:
        return machine.run("curl -sS -o /dev/null -w '%{http_code}' http://10.1.2.3:8000/metrics")

    assert sees() == "403"
    # The last line asks nginx before its old processes have given up the address.
    *prepared, asked = tls.replace("\\\n", " ").strip().splitlines()
    machine.run(" && ".join(prepared))
    eventually(lambda: '"ok"' in machine.run(asked, check=False), within=10, what="an answer over TLS")
    machine.run(insiders)
    eventually(lambda: sees() == "200", within=10, what="figures for an address that was added")
    machine.run("cp -p /root/site /etc/nginx/sites-available/fakeai-images && systemctl reload nginx")
    machine.run("sed -i '/^FAKEAI_TRUSTED_HOSTS/d' /etc/default/fakeai-images")
    eventually(lambda: sees() == "403", within=10, what="the site as it was")
    machine.run("rm /etc/ssl/certs/fakeai-images.pem /etc/ssl/private/fakeai-images.key")


def test_a_variant_of_the_site_is_a_line_without_its_mark(machine):
    """nginx's cache, in the directory that the package makes for it."""
    site, path = "/etc/nginx/sites-available/fakeai-images", machine.picture()

    def status() -> list[str]:
        return machine.run(f"curl -sS -o /dev/null -D - {URL}{path} | grep -i '^X-Cache-Status:'", check=False).split()[-1:]

    machine.run(f"cp -p {site} /root/site && sed -i 's/^#fastcgi_cache_path/fastcgi_cache_path/; s/^  #include/  include/' {site}")
    machine.run("nginx -t && systemctl reload nginx")
    eventually(lambda: status() == ["HIT"], within=10, what="a picture from nginx's cache")
    machine.run(f"cp -p /root/site {site} && systemctl reload nginx")
    eventually(lambda: status() == [], within=10, what="a picture from a worker")
