"""Records the forms that OpenAI's Python client sends: pip install openai==3.54.0 ; python record.py

Each file is a Content-Type line and the body behind it. Boundaries are random: the tests read them from the first line.
"""

from pathlib import Path

import httpx2
import openai

folder = Path(__file__).parent
pixel = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489"
    "0000000d49444154789c6364f8cf500f0003860180 5a347d6a0000000049454e44ae426082"
)


def client(name: str) -> openai.OpenAI:
    def record(request: httpx2.Request) -> httpx2.Response:
        line = request.headers["content-type"].encode() + b"\n"
        (folder / f"{name}.body").write_bytes(line + request.read())
        return httpx2.Response(200, json={"created": 1, "data": []})

    http_client = httpx2.Client(transport=httpx2.MockTransport(record))
    return openai.OpenAI(api_key="test", base_url="http://example.invalid", http_client=http_client)


client("edit-one").images.edit(image=("cat.png", pixel), prompt="A hat, ünïcode 猫\r\nand a line", size="1024x1024", n=2)
client("edit-many").images.edit(
    image=[("a.png", pixel, "image/png"), ("b \"quoted\".webp", pixel, "image/webp"), pixel], mask=("mask.png", pixel, "image/png"),
    prompt="Two", extra_body={"svg": {"reasoning": {"effort": "low"}}, "stream": True})
client("variation").images.create_variation(image=pixel, response_format="b64_json", user="someone")
