"""The end: removed, then purged. No test comes after these."""

from __future__ import annotations


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
