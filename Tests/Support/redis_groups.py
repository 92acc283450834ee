"""Several servers of Redis that replace one another: a Cluster, and a primary watched by Sentinels."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from processes import eventually
from redis_hosts import RedisHost
from redis_server import RedisServer


class RedisGroup:
    """Servers that run as long as the block."""

    def __init__(self, servers: Sequence[RedisServer]):
        self.servers = list(servers)

    def __enter__(self):
        try:
            for server in self.servers:
                server.start()
            self.join()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            server.close()

    def join(self) -> None:
        raise NotImplementedError


class RedisCluster(RedisGroup):
    """Three primaries with a replica each, which give a server up after 2 s."""

    def __init__(self, host: RedisHost, *options: str):
        cluster = ("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000")
        super().__init__([host.server(*cluster, *options, port=7001 + number) for number in range(6)])

    @property
    def url(self) -> str:
        return "redis://" + ",".join(endpoint(server) for server in self.servers[:2])

    def join(self) -> None:
        run("--cluster", "create", *map(endpoint, self.servers), "--cluster-replicas", "1", "--cluster-yes")
        self.wait()

    def wait(self) -> None:
        """Until all servers agree, and each primary has its replica."""
        eventually(lambda: all(map(is_in_order, self.servers)), within=60, what="the Cluster is in order")

    @property
    def primaries(self) -> list[RedisServer]:
        return [server for server in self.servers if is_primary(server)]

    def successors(self, primary: RedisServer) -> list[RedisServer]:
        port = replica_port(primary)
        return [server for server in self.servers if server.port == port]

    def move(self, count: int, source: RedisServer, target: RedisServer) -> None:
        """Moves so many slots while they are in use."""
        run(
            "--cluster", "reshard", endpoint(source), "--cluster-from", identity(source), "--cluster-to", identity(target),
            "--cluster-slots", str(count), "--cluster-yes",
        )


class SentinelGroup(RedisGroup):
    """A primary with replicas, and three Sentinels that replace it a second after it stops answering."""

    def __init__(self, host: RedisHost, replicas: int):
        of = ("--replicaof", host.address, "7101")
        self.data = [host.server(*(of if number else ()), port=7101 + number) for number in range(1 + replicas)]
        self.sentinels = [sentinel(host, 7201 + number) for number in range(3)]
        super().__init__(self.data + self.sentinels)

    @property
    def url(self) -> str:
        return "redis+sentinel://" + ",".join(map(endpoint, self.sentinels)) + "/mymaster"

    def join(self) -> None:
        self.wait()

    def wait(self) -> None:
        """Until each Sentinel knows the others and all replicas, and these have what the primary has."""
        replicas = len(self.data) - 1

        def is_in_order() -> bool:
            known = all(f"slaves={replicas},sentinels=3" in info(sentinel, "sentinel") for sentinel in self.sentinels)
            return known and [info(primary, "replication").count("state=online") for primary in self.primaries] == [replicas]

        eventually(is_in_order, within=60, what="the Sentinels are in order")

    @property
    def primaries(self) -> list[RedisServer]:
        return [server for server in self.data if is_primary(server)]

    def successors(self, primary: RedisServer) -> list[RedisServer]:
        return [server for server in self.data if server is not primary]


def sentinel(host: RedisHost, port: int) -> RedisServer:
    server = host.server(port=port)
    file = server.directory / "sentinel.conf"
    lines = [
        f"port {port}", f"bind {host.address}", "protected-mode no", f"dir {server.directory}",
        f"sentinel monitor mymaster {host.address} 7101 2",
        "sentinel down-after-milliseconds mymaster 1000", "sentinel failover-timeout mymaster 10000",
    ]
    file.write_text("\n".join(lines) + "\n")
    server.command = [*server.command[: server.command.index("redis-server")], "redis-server", str(file), "--sentinel"]
    return server


def endpoint(server: RedisServer) -> str:
    return f"{server.address}:{server.port}"


def run(*words: str) -> None:
    done = subprocess.run(["redis-cli", *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr}"


def info(server: RedisServer, section: str) -> str:
    """Empty if the server does not answer."""
    try:
        return server.call("INFO", section).decode()
    except OSError:
        return ""


def is_primary(server: RedisServer) -> bool:
    return "role:master" in info(server, "replication")


def has_replica(primary: RedisServer) -> bool:
    """Whether one has what the primary has, and gets what it will have."""
    facts = info(primary, "replication")
    return "role:master" in facts and "state=online" in facts


def is_in_order(server: RedisServer) -> bool:
    state = server.call("CLUSTER", "INFO").decode() + info(server, "replication")
    return "cluster_state:ok" in state and ("state=online" in state or "master_link_status:up" in state)


def identity(server: RedisServer) -> str:
    return server.call("CLUSTER", "MYID").decode().split("\r\n")[1]


def replica_port(primary: RedisServer) -> int:
    """Of the first replica."""
    line = next(line for line in info(primary, "replication").splitlines() if line.startswith("slave0:"))
    return int(dict(part.split("=") for part in line.removeprefix("slave0:").split(","))["port"])
