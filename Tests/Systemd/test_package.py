"""What the package promises on a Debian with systemd. The tests are in the order of a package's life; the last one ends it."""

from __future__ import annotations

import json
import os
import re
import shlex
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from later import Later
from machine import Machine
from pictures import checked_png
from processes import eventually
from traffic import Traffic

UNITS = "fakeai-images.target fakeai-images.socket fakeai-images@1.service fakeai-images-rollover.service"
URL = "http://127.0.0.1:8000"
REQUESTS = 10_000

SEED_EXAMPLE = """{
    "model": "dall-e-3",
    "prompt": "A serene lake at sunset",
    "size": "1024x1024",
    "quality": "hd",
    "style": "vivid",
    "n": 1
  }"""


def active_workers(machine: Machine) -> dict[str, str]:
    """The process ids of the workers that systemd calls active, by unit."""
    listed = machine.run("systemctl list-units --plain --no-legend --state=active 'fakeai-images@*.service'")
    units = [line.split()[0] for line in listed.splitlines() if line.strip()]
    return {unit: machine.property(unit, "MainPID") for unit in units}


def replaced(machine: Machine, process: int, *, within: float) -> None:
    """Waits until worker 1 is another process than that, and serves."""
    active = lambda: machine.property("fakeai-images@1.service", "ActiveState") == "active"
    eventually(lambda: machine.worker(1) not in {0, process} and active(), within=within, what="another worker 1")


def answered_by(machine: Machine) -> set[str]:
    """Who answers, over 40 requests."""
    heads = machine.run(f"for i in $(seq 40); do curl -sS -o /dev/null -D - {URL}/healthz; done")
    return set(re.findall(r"X-FakeAI-Worker: (\S+)", heads))


def test_one_worker_for_each_core_is_up_after_installation(machine):
    assert len(active_workers(machine)) == min(os.cpu_count(), 64)
    assert machine.property("fakeai-images.target", "UnitFileState") == "enabled"


def test_the_example_of_the_readme_works(machine):
    status, answer = machine.get(
        "/v1/images/generations", "-H", "Content-Type: application/json", "-H", "Authorization: Bearer test", "-d", SEED_EXAMPLE
    )
    assert status == 200, answer
    path = json.loads(answer)["data"][0]["url"].removeprefix("http://localhost:8000")
    status, picture = machine.get(path)
    assert status == 200
    checked_png(picture, "1024x1024")


def test_an_operator_sees_the_workers_that_systemd_runs(machine):
    status = json.loads(machine.run("runuser -u fakeai-images -- fakeai-images status --json"))
    assert len(status["workers"]) == len(active_workers(machine))


def test_manual_and_completions_are_there(machine):
    listed = machine.run("dpkg --listfiles fakeai-images")
    for path in ("man/man1/fakeai-images.1.gz", "completions/fakeai-images", "vendor-completions/_fakeai-images", "fakeai-images.fish"):
        assert path in listed


# What was typed behind the program's name, and what a shell must offer then.
COMPLETED = {
    "": "serve", "ge": "generate", "serve --image-store-s": "--image-store-size", "serve --profile op": "openai-dalle",
    "generate --output /etc/host": "hostname",
}


@pytest.mark.parametrize("typed", COMPLETED)
@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_a_shell_completes_commands_flags_and_values(machine, shell, typed):
    script = (Path(__file__).parent / "completion" / f"{shell}.sh").read_text()
    machine.run(f"bash -s -- {shlex.quote(typed)} {shlex.quote(COMPLETED[typed])}", input=script.encode())


def test_units_are_verified_in_silence(machine):
    # The machine has no man, which is asked whether the manual exists.
    assert machine.run(f"systemd-analyze verify --man=no {UNITS}") == ""


def test_a_worker_may_do_little_beyond_its_task(machine):
    assessed = machine.run("systemd-analyze security --no-pager fakeai-images@1.service")
    exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", assessed).group(1))
    print(f"\nexposure {exposure}")
    assert exposure <= 1.5


def test_who_comes_from_elsewhere_sees_pictures_and_no_figures(machine):
    """Whatever the request says of its origin."""
    machine.run("ip address add 192.0.2.1/32 dev lo")
    for path, status in {"/v1/models": 200, "/metrics": 403, "/_fakeai/stats": 403, "/_fakeai": 403}.items():
        for claim in ("X-Nothing: ", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"):
            asked = f"curl -sS -o /dev/null -w '%{{http_code}}' -H '{claim}' http://192.0.2.1:8000{path}"
            assert (path, claim, machine.run(asked)) == (path, claim, str(status))
    assert machine.get("/metrics")[0] == 200


def test_the_socket_is_for_nginx_alone(machine):
    assert machine.run("stat -c '%a %U %G' /run/fakeai-images/worker.sock").split() == ["660", "fakeai-images", "www-data"]
    assert machine.property("fakeai-images.socket", "Backlog") == "4096"


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


def under_load(machine: Machine, *restarts: Callable[[], object]) -> None:
    """Restarts all workers again and again, in each of these ways, until 10,000 requests are answered, none of them with an error."""
    requests = done = 0
    while requests < REQUESTS or not done:
        with Traffic(URL, posts=4, gets=12, seconds=8, prefix=machine.network, body={"size": "256x256"}) as traffic:
            while traffic.is_running:
                for restart in restarts:
                    restart()
                    done += 1
                time.sleep(0.3)
            tallies = traffic.tallies()
        assert {kind: dict(tally.errors) for kind, tally in tallies.items()} == {"post": {}, "get": {}}
        requests += sum(tally.requests for tally in tallies.values())
    print(f"\n{requests} requests and no failure in {done} restarts of all workers")


@pytest.mark.parametrize("command", ["systemctl start fakeai-images-rollover", "systemctl restart fakeai-images.target"])
def test_restarting_all_workers_under_load_fails_no_request(machine, command):
    before = set(active_workers(machine).values())
    under_load(machine, lambda: machine.run(command))
    after = set(active_workers(machine).values())
    assert len(after) == len(before) and not after & before


def test_pictures_outlive_a_full_stop(machine):
    path = machine.picture()
    _, before = machine.get(path)
    machine.run("systemctl stop fakeai-images.target")
    assert active_workers(machine) == {}
    assert machine.run("pgrep -x fakeai-images", check=False) == ""
    assert machine.run("ls /run/fakeai-images") == "cache\n"
    status, answer = machine.get(path)
    assert status == 502 and json.loads(answer)["error"]["type"] == "server_error"
    machine.run("systemctl start fakeai-images.target")
    assert machine.get(path) == (200, before)


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


def test_a_variant_of_the_site_is_a_line_without_its_mark(machine):
    """nginx's cache, in the directory that the package makes for it."""
    site, path = "/etc/nginx/sites-available/fakeai-images", machine.picture()
    status = lambda: machine.run(f"curl -sS -o /dev/null -D - {URL}{path} | grep -i '^X-Cache-Status:'", check=False).split()[-1:]
    machine.run(f"cp -p {site} /root/site && sed -i 's/^#fastcgi_cache_path/fastcgi_cache_path/; s/^  #include/  include/' {site}")
    machine.run("nginx -t && systemctl reload nginx")
    eventually(lambda: status() == ["HIT"], within=10, what="a picture from nginx's cache")
    machine.run(f"cp -p /root/site {site} && systemctl reload nginx")
    eventually(lambda: status() == [], within=10, what="a picture from a worker")


def replaced_by(machine: Machine, package: Path) -> None:
    """Installs a package, and sees that its program is what each worker runs."""
    before = set(active_workers(machine).values())
    program = machine.run("sha256sum </usr/bin/fakeai-images")
    machine.install(package)
    after = set(active_workers(machine).values())
    assert len(after) == len(before) and not after & before
    assert {machine.run(f"sha256sum </proc/{process}/exe") for process in after} == {machine.run("sha256sum </usr/bin/fakeai-images")}
    assert machine.run("sha256sum </usr/bin/fakeai-images") != program


def nginx_workers(machine: Machine) -> set[str]:
    return set(machine.run("pgrep -f 'nginx: worker process$'").split())


def test_an_upgrade_and_a_downgrade_replace_the_workers_without_a_failure(machine, package, later):
    newer, path, nginx = later.version(), machine.picture(), nginx_workers(machine)
    _, before = machine.get(path)
    under_load(machine, lambda: replaced_by(machine, newer), lambda: replaced_by(machine, package))
    assert nginx_workers(machine) == nginx, "nginx was reloaded, though its site has not changed"
    assert machine.get(path) == (200, before)


@pytest.mark.parametrize("file", ["site", "included"])
def test_an_upgrade_that_changes_the_site_puts_it_into_force(machine, package, later, file):
    headers = lambda: machine.run(f"curl -sS -o /dev/null -D - {URL}/healthz")
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


def test_a_removal_leaves_nothing_running(machine):
    machine.run("dpkg --remove fakeai-images")
    assert machine.run("pgrep -x fakeai-images", check=False) == ""
    assert machine.run("systemctl list-units --plain --no-legend 'fakeai-images*'") == ""
    machine.run("nginx -t && systemctl is-active nginx")
    # What a person may have changed, and what clients still fetch after a new installation.
    machine.run("test -e /etc/default/fakeai-images -a -e /dev/shm/fakeai-images-default-v1")


def test_a_purge_leaves_nothing(machine):
    machine.run("dpkg --purge fakeai-images")
    searched = "find / -xdev -path /proc -prune -o -path /sys -prune -o -name '*fakeai*' -print"
    left = machine.run(f"{searched}; ls /dev/shm /run | grep fakeai", check=False)
    assert [line for line in left.splitlines() if not line.startswith(("/root/", "/var/log/journal"))] == []
    assert "fakeai" not in machine.run("cat /etc/passwd /etc/group")
