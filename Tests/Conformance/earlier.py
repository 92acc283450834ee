"""What a recorded request refers to, made before it is sent: a response and its picture, a file, a batch, an upload, a webhook."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

from pool import Pool
from processes import eventually
from recorded import Recorded, json_lines, png

TOOL = {"type": "image_generation", "size": "1024x1024", "quality": "low"}
DRAWING = {"model": "gpt-5", "input": "Draw a cat", "tools": [TOOL]}
LINES = {
    "/v1/images/generations": {"model": "gpt-image-2.6-sunburst", "prompt": "a cat", "size": "1024x1024"},
    "/v1/images/edits": {"model": "gpt-image-2.6-sunburst", "prompt": "a cat"},
    "/v1/responses": DRAWING,
    "/v1/chat/completions": {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]},
}
"""The body of a batch's lines, by its endpoint."""

OUTPUT = re.compile(r"^(autobatcher|batchata|batchwizard|openai-batch-helper|openai-so-batch|litellm\.files|openai-(node|py)\.batches)\.")
"""Which of them read the content of a batch's output, and not of a file that was uploaded."""


@dataclass
class Earlier:
    """Makes what `request` refers to."""

    pool: Pool
    request: Recorded
    ids: dict[str, str] = field(default_factory=dict)
    """The server's ids by those of the recording."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The base64 of each picture, by the server's id of its call."""

    def __post_init__(self) -> None:
        makers = {
            "resp": self.response, "ig": self.call, "msg": self.call, "file": self.file, "batch": self.batch, "wh": self.webhook,
            "upload": self.upload, "part": self.part,
        }
        for recorded in self.request.ids:
            if recorded not in self.ids:
                self.ids[recorded] = makers[re.split("[_-]", recorded)[0]](recorded)

    def post(self, path: str, body: object, **headers: str) -> dict:
        answer = httpx.post(self.pool.url + path, json=body, headers=headers, timeout=60)
        assert answer.status_code == 200, f"POST {path}, which the request refers to: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def drawn(self) -> dict:
        response = self.post("/v1/responses", DRAWING)
        self.pictures |= {item["id"]: item["result"] for item in response["output"] if item["type"] == "image_generation_call"}
        return response

    def response(self, recorded: str) -> str:
        if self.request.route.endswith("/cancel"):
            return self.post("/v1/responses", DRAWING | {"background": True}, **{"X-FakeAI-Latency": "60s"})["id"]
        if self.request.is_stream and self.request.method == "GET":
            answer = httpx.post(f"{self.pool.url}/v1/responses", json=DRAWING | {"background": True, "stream": True}, timeout=60)
            return re.search(r'"(resp_\w+)"', answer.text)[1]
        return self.drawn()["id"]

    def call(self, recorded: str) -> str:
        """A picture, and the message behind it: recorded with the same number."""
        picture, message = [item for item in self.drawn()["output"] if item["type"] != "reasoning"]
        number = recorded.partition("_")[2]
        self.ids |= {f"ig_{number}": picture["id"], f"msg_{number}": message["id"]}
        return self.ids[recorded]

    def file(self, recorded: str) -> str:
        request = self.request
        if request.route == "POST /v1/batches":
            return self.batch_input(request.body["endpoint"])
        if request.route == "GET /v1/files/{id}/content" and OUTPUT.match(request.name):
            return self.batch_output()
        purpose = "vision" if "purpose=vision" in request.path or not request.path.startswith("/v1/files") else "user_data"
        return self.uploaded("cat.png", png("64x64"), purpose)

    def uploaded(self, name: str, data: bytes, purpose: str) -> str:
        answer = httpx.post(f"{self.pool.url}/v1/files", data={"purpose": purpose}, files={"file": (name, data)}, timeout=60)
        assert answer.status_code == 200, f"POST /v1/files, to which the request refers: {answer.status_code} {answer.text[:500]}"
        return answer.json()["id"]

    def batch_input(self, endpoint: str) -> str:
        body = LINES[endpoint]
        if endpoint == "/v1/images/edits":
            body = body | {"images": [{"file_id": self.uploaded("cat.png", png("64x64"), "vision")}]}
        lines = [{"custom_id": f"r{number}", "method": "POST", "url": endpoint, "body": body} for number in range(2)]
        return self.uploaded("b.jsonl", json_lines(lines), "batch")

    def batch(self, recorded: str = "") -> str:
        endpoint = "/v1/images/generations"
        # What is to be cancelled must still run.
        headers = {"X-FakeAI-Batch-Time": "60s"} if self.request.route.endswith("/cancel") else {}
        body = {"input_file_id": self.batch_input(endpoint), "endpoint": endpoint, "completion_window": "24h"}
        return self.post("/v1/batches", body, **headers)["id"]

    def batch_output(self) -> str:
        batch = self.batch()

        def completed() -> dict | None:
            document = httpx.get(f"{self.pool.url}/v1/batches/{batch}", timeout=60).json()
            return document if document["status"] not in ("validating", "in_progress", "finalizing") else None

        document = eventually(completed, within=60, what=f"{batch} has ended")
        assert document["status"] == "completed", document
        return document["output_file_id"]

    def webhook(self, recorded: str) -> str:
        body = {"name": "x", "url": f"{self.pool.url}/nobody", "event_types": ["batch.completed"]}
        return self.post("/v1/webhook_endpoints", body)["id"]

    def upload(self, recorded: str) -> str:
        parts = [recorded for recorded in self.request.ids if recorded.startswith("part")]
        size = len(parts) * len(png("64x64")) if parts else 283
        body = {"bytes": size, "filename": "a.png", "mime_type": "image/png", "purpose": "vision"}
        return self.post("/v1/uploads", body)["id"]

    def part(self, recorded: str) -> str:
        [upload] = [self.ids[recorded] for recorded in self.request.ids if recorded.startswith("upload")]
        files = {"data": ("upload", png("64x64"))}
        answer = httpx.post(f"{self.pool.url}/v1/uploads/{upload}/parts", files=files, timeout=60)
        assert answer.status_code == 200, f"a part, to which the request refers: {answer.status_code} {answer.text[:500]}"
        return answer.json()["id"]
