"""The site of production behind an nginx of its own, with the variants that an operator may want and any upstream."""

from __future__ import annotations

import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from pool import ROOT, Pool, free_port
from processes import eventually

INSTALLED = "/usr/share/fakeai-images/nginx"


class Site:
    """`variants` names directives: each line of the site that has one of them behind a `#` is put into force.

    `replaced` is what further literals of the site's files give way to, each of which must occur.
    """

    def __init__(self, worker: Path, *, variants: tuple[str, ...] = (), replaced: dict[str, str] | None = None):
        self.port, self.tls_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = tempfile.TemporaryDirectory(prefix="fakeai-site-")
        self.directory = Path(self.folder.name)
        self.log = self.directory / "access.log"
        self.replacements = {
            f"{INSTALLED}/fakeai-images-": f"{self.directory}/fakeai-images-",
            f"{INSTALLED}/www": f"{self.directory}/www",
            "listen 8000 rcvbuf=256k;": f"listen 127.0.0.1:{self.port} rcvbuf=256k;",
            "listen [::]:8000 rcvbuf=256k;": f"listen [::1]:{self.port} rcvbuf=256k;",
            "unix:/run/fakeai-images/worker.sock": f"unix:{worker}",
            "/var/log/nginx/fakeai-images.log fakeai_images buffer=64k flush=1s": f"{self.log} fakeai_images",
            "/run/fakeai-images/cache": f"{self.directory}/cache",
            "listen 8443 ssl": f"listen 127.0.0.1:{self.tls_port} ssl",
            "/etc/ssl/certs/fakeai-images.pem": f"{self.directory}/certificate.pem",
            "/etc/ssl/private/fakeai-images.key": f"{self.directory}/key.pem",
        } | (replaced or {})
        self.variants = variants
        self.process: subprocess.Popen | None = None

    @classmethod
    def before(cls, pool: Pool, **options: object) -> Site:
        """A site of its own before a pool's workers."""
        [worker] = pool.temporary.glob("fakeai-images-pool-*/worker.sock")
        return cls(worker, **options)

    @property
    def main(self) -> Path:
        return self.directory / "nginx.conf"

    def write(self) -> None:
        texts = {path.name: self._varied(path.read_text()) for path in (ROOT / "nginx").glob("*.conf")}
        for literal, value in self.replacements.items():
            assert any(literal in text for text in texts.values()), f"no file of the site has {literal!r}"
            texts = {name: text.replace(literal, value) for name, text in texts.items()}
        # By a link, for the path of a checkout may have characters in it that mean something to nginx.
        (self.directory / "www").symlink_to(ROOT / "nginx" / "www")
        for name, text in texts.items():
            (self.directory / name).write_text(text)
        paths = "\n".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        self.main.write_text(f"""
            daemon off; user root; pid nginx.pid; error_log {self.directory}/error.log notice;
            worker_rlimit_nofile 2048; events {{ worker_connections 1024; }}
            http {{ {paths} include fakeai-images.conf; }}
            """)

    def _varied(self, text: str) -> str:
        for directive in self.variants:
            text, count = re.subn(rf"(?m)^( *)#({directive}\b)", r"\1\2", text)
        return text

    def __enter__(self) -> Site:
        self.write()
        if "ssl_certificate" in self.variants:
            self._make_certificate()
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", self.directory, "-c", self.main])
        eventually(self._answers, within=10, what="nginx answers")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        self.folder.cleanup()

    def _answers(self) -> bool:
        assert self.process.poll() is None, "nginx ended"
        try:
            return httpx.get(f"{self.url}/", timeout=5).status_code == 200
        except httpx.ConnectError:
            return False

    def _make_certificate(self) -> None:
        names = ["-keyout", self.directory / "key.pem", "-out", self.directory / "certificate.pem"]
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", *names, *subject],
            check=True, capture_output=True,
        )


@contextmanager
def proxy(before: str, text: str) -> Iterator[str]:
    """The address of another nginx, with a server block `text` that passes requests on to 10.0.0.7:8000, which is to be `before`."""
    port = free_port()
    for literal, value in {"listen 443 ssl http2;": f"listen 127.0.0.1:{port};", "http://10.0.0.7:8000": before}.items():
        assert literal in text
        text = text.replace(literal, value)
    with tempfile.TemporaryDirectory(prefix="fakeai-proxy-") as directory:
        main = Path(directory) / "nginx.conf"
        main.write_text(
            f"daemon off; user root; pid {directory}/pid; error_log {directory}/error.log; events {{ }} http {{ access_log off; {text} }}"
        )
        process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", directory, "-c", main])
        try:
            eventually(lambda: accepts(port), within=10, what="the proxy answers")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
