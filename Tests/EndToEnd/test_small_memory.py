"""A machine with little: of /dev/shm, of memory, of processors. Said at the start, and never noticed later."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pool import Pool
from processes import arguments, children, eventually

MIB = 2**20
USUAL = "mode=1777"


class Place:
    """A mount namespace in which /dev/shm is what `script` makes of it, for as long as this lives."""

    def __init__(self, script: str):
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", f"{script} && echo ready && exec sleep 600"],
            stdout=subprocess.PIPE, text=True,
        )
        assert self.process.stdout.readline() == "ready\n", f"{script} failed"

    @property
    def enter(self) -> list[str]:
        # With the root, because entering the namespace alone would leave a folder that is the root of these tests; and with the working
        # directory, which is otherwise outside of that root.
        return ["nsenter", "--target", str(self.process.pid), "--mount", "--root", "--wd"]

    def run(self, script: str) -> str:
        """What `script` says in there."""
        return subprocess.run([*self.enter, "sh", "-c", script], check=True, capture_output=True, text=True, timeout=20).stdout

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class SmallPool(Pool):
    """A pool at such a place."""

    def __init__(self, place: Place, *flags: str, prefix: tuple[str, ...] = (), **variables: object):
        super().__init__("--workers", "2", *flags, **variables)
        self.place, self.prefix = place, prefix

    @property
    def command(self) -> list[str]:
        return [*self.place.enter, *self.prefix, *super().command]

    @property
    def capacity(self) -> int:
        """Bytes of the store's segment."""
        return int(self.place.run(f"stat -c %s /dev/shm/fakeai-images-{self.store_name}-v1"))

    @property
    def notices(self) -> list[str]:
        return [line for line in self.log.splitlines() if "the store has" in line]

    def failure(self) -> str:
        """The one line of a start that fails."""
        with pytest.raises(AssertionError, match="serve ended at once"):
            self.start()
        assert self.process.returncode == 1
        [line] = self.log.splitlines()
        return line


@pytest.fixture
def place() -> Iterator[type[Place]]:
    attempt = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/dev/shm"], capture_output=True, text=True)
    if attempt.returncode:
        pytest.skip(f"no mount namespace can be made here: {attempt.stderr.strip()}")
    places: list[Place] = []

    def make(script: str) -> Place:
        places.append(Place(script))
        return places[-1]

    yield make
    for place in places:
        place.close()


@pytest.fixture
def small(place) -> Iterator[type[SmallPool]]:
    """Makes a pool with a /dev/shm of some megabytes, or at a given place."""
    pools: list[SmallPool] = []

    def make(where: int | Place, *flags: str, **options: object) -> SmallPool:
        if isinstance(where, int):
            where = place(f"mount -t tmpfs -o size={where}m,{USUAL} tmpfs /dev/shm")
        pools.append(SmallPool(where, *flags, **options))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def test_a_store_that_does_not_fit_is_refused_in_one_line_by_serve_itself(small):
    line = small(16, IMAGE_STORE_SIZE="16M").failure()
    assert "a store of 16M does not fit: /dev/shm has 16M, of which 16M are free, and the pool needs " in line
    assert "--shm-size=" in line and "set FAKEAI_IMAGE_STORE_SIZE to " in line


def test_the_usual_store_shrinks_to_what_the_usual_container_has(small):
    """Docker, podman and Kubernetes give 64 MB unless they are told otherwise."""
    pool = small(64)
    pool.start()
    [notice] = pool.notices
    assert "instead of 256M: /dev/shm has 64M, of which 64M are free" in notice and "--shm-size=" in notice
    assert 50 * MIB < pool.capacity < 60 * MIB
    assert httpx.get(pool.urls(quality="hd")[0]).status_code == 200
    assert "error" not in pool.log


def test_a_store_that_shrank_keeps_its_images_at_the_next_start_with_a_little_less_room(small):
    pool = small(64)
    pool.start()
    [url] = pool.urls()
    size = pool.capacity
    pool.stop()
    # As much as is free, beyond what the pool keeps, and then some of what it would use of the whole.
    pool.place.run("dd if=/dev/zero of=/dev/shm/others bs=16k count=8 2>/dev/null")
    pool.start()
    assert pool.capacity == size and httpx.get(url).status_code == 200


def test_a_store_that_is_in_use_is_joined_whatever_its_size(small):
    one = small(64, IMAGE_STORE_SIZE="40M")
    one.start()
    other = small(one.place)
    other.environment["FAKEAI_IMAGE_STORE_NAME"] = one.store_name
    other.start()
    assert "joining the store" in other.log and not other.notices
    assert httpx.get(one.urls()[0].replace(str(one.port), str(other.port))).status_code == 200


def test_a_pool_without_room_for_what_is_its_own_says_so_in_one_line(small):
    one = small(64)
    one.start()
    other = small(one.place)
    other.environment["FAKEAI_IMAGE_STORE_NAME"] = one.store_name
    assert "there is no room to join the store: /dev/shm has 64M" in other.failure()


def test_a_journal_that_leaves_no_room_for_a_store_is_one_line(small):
    line = small(16, JOURNAL_SIZE=4000).failure()
    assert "a store of 4M does not fit" in line and "a smaller journal" in line


def test_a_store_that_has_its_room_keeps_it_when_others_fill_dev_shm(small):
    pool = small(16, IMAGE_STORE_SIZE="7M")
    pool.start()
    pool.place.run("head -c 32M /dev/zero 2>/dev/null >/dev/shm/others; true")
    assert int(pool.place.run("df --output=avail /dev/shm | tail -1")) == 0
    workers = pool.workers
    # Round the ring and over what was never touched before.
    while pool.statistics()["store"]["evicted"] == 0:
        urls = pool.urls(n=10, size="1792x1024", quality="hd")
    assert {httpx.get(url).status_code for url in urls} == {200}
    assert pool.workers == workers, "no worker died"


AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.mark.parametrize(
    "script, prefix, told",
    [
        ("mount -t tmpfs tmpfs /dev && mknod -m 666 /dev/null c 1 3", (), "there is no /dev/shm, where images are stored: mount a tmpfs"),
        ("mount -t tmpfs -o ro tmpfs /dev/shm", (), "/dev/shm, where images are stored, is read-only"),
        (
            "mount -t tmpfs -o mode=755 tmpfs /dev/shm", AS_NOBODY,
            "user 65534 cannot create files in /dev/shm, which belongs to user 0 and has mode 755: give it mode 1777",
        ),
    ],
    ids=["none", "read-only", "closed"],
)
def test_a_dev_shm_that_cannot_be_used_is_one_true_line(small, place, script, prefix, told):
    pool = small(place(script), prefix=prefix)
    pool.directory.chmod(0o755)
    pool.temporary.chmod(0o777)
    assert told in pool.failure()


def test_a_store_of_another_user_is_one_true_line(small):
    pool = small(64)
    pool.start()
    pool.stop()
    pool.prefix = AS_NOBODY
    pool.directory.chmod(0o755)
    pool.temporary.chmod(0o777)
    line = pool.failure().splitlines()[-1]
    assert f"/dev/shm/fakeai-images-{pool.store_name}-v1 belongs to user 0, and this is user 65534: remove it, or use another" in line


class Group:
    """A control group of version 1 below this process's own, in which a command can run."""

    def __init__(self, controller: str, **values: object):
        own = {line.split(":")[1]: line.split(":")[2] for line in Path("/proc/self/cgroup").read_text().splitlines()}
        self.directory = Path(f"/sys/fs/cgroup/{controller}{own.get(controller, '/none')}") / f"fakeai-test-{id(self)}"
        self.directory.mkdir()
        for name, value in values.items():
            (self.directory / name.replace("__", ".")).write_text(str(value))
        self.prefix = ("sh", "-c", f'echo $$ > {self.directory}/cgroup.procs && exec "$@"', "sh")

    def close(self) -> None:
        eventually(lambda: not (self.directory / "cgroup.procs").read_text(), within=10, what="an empty group")
        self.directory.rmdir()


@pytest.fixture
def group() -> Iterator[type[Group]]:
    groups: list[Group] = []

    def make(controller: str, **values: object) -> Group:
        try:
            groups.append(Group(controller, **values))
        except OSError as error:
            pytest.skip(f"no control group can be made here: {error}")
        return groups[-1]

    yield make
    for group in groups:
        group.close()


def test_the_usual_store_shrinks_to_what_a_memory_limit_leaves(group, small):
    pool = small(512, prefix=group("memory", memory__limit_in_bytes=200 * MIB).prefix)
    pool.start()
    [notice] = pool.notices
    assert "instead of 256M: the memory limit is 200M, of which nginx, 2 workers and the journal need" in notice
    assert 80 * MIB < pool.capacity < 110 * MIB
    # Round the ring: nothing is killed for its memory.
    workers = pool.workers
    while pool.statistics()["store"]["evicted"] == 0:
        assert pool.generate(n=10, size="1792x1024", quality="hd").status_code == 200
    assert pool.workers == workers and "signal" not in pool.log


def test_a_store_beyond_a_memory_limit_is_refused_in_one_line(group, small):
    pool = small(512, IMAGE_STORE_SIZE="256M", prefix=group("memory", memory__limit_in_bytes=256 * MIB).prefix)
    line = pool.failure()
    assert "a store of 256M does not fit: the memory limit is 256M, of which nginx, 2 workers and the journal need" in line
    assert "raise the limit, or set FAKEAI_IMAGE_STORE_SIZE to " in line


def processes(pool: Pool) -> tuple[int, int]:
    """How many workers and nginx's own workers a pool has."""
    [nginx] = [pid for pid in children(pool.pid) if arguments(pid)[0].startswith("nginx: master")]
    eventually(lambda: children(nginx), within=10, what="nginx's workers")
    return len(pool.workers), len(children(nginx))


def test_there_are_as_many_processes_as_the_affinity_allows(small, place):
    pool = small(64, prefix=("taskset", "--cpu-list", "0"))
    pool.flags = ()
    pool.start()
    assert processes(pool) == (1, 1)


def test_there_are_as_many_processes_as_a_quota_pays_for(group, small):
    pool = small(64, prefix=group("cpu", cpu__cfs_period_us=100_000, cpu__cfs_quota_us=50_000).prefix)
    pool.flags = ()
    pool.start()
    assert processes(pool) == (1, 1)
