"""fakeai-images as a container of testcontainers-python: copy this class into your tests.

    pip install testcontainers openai

    with FakeAIContainer(FAKEAI_PROFILE="openai") as mock:
        client = OpenAI(base_url=mock.base_url, api_key="test")
"""

from __future__ import annotations

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 8000


class FakeAIContainer(DockerContainer):
    """A mock of the OpenAI Images API that is ready when `start` returns."""

    def __init__(self, image: str = "fakeai-images:latest", **settings: str):
        """
        :param settings: the server's settings by the names of their variables: `FAKEAI_LATENCY="fixed:1s"`.
        """
        super().__init__(image)
        self.with_exposed_ports(PORT)
        # Tests reach the container from a private network, and may set rules and read the journal.
        self.with_envs(FAKEAI_HOST="0.0.0.0", FAKEAI_PORT=str(PORT), FAKEAI_INSIDERS="10.0.0.0/8,172.16.0.0/12,192.168.0.0/16")
        self.with_envs(**settings)
        # Docker's own 64 MB are less than the store.
        self.with_kwargs(shm_size="512m")
        self.waiting_for(HttpWaitStrategy(PORT, "/readyz").for_status_code(200))

    @property
    def url(self) -> str:
        """The server's address, also for `fakeai_images.FakeAI.connect`."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    @property
    def base_url(self) -> str:
        """The base URL for OpenAI's SDKs."""
        return f"{self.url}/v1"
