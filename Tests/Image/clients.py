"""Clients of a server that is told to stop, as a platform's load balancer sends them: to a server that says it is ready.

    clients.py <port> <clients>

Each makes pictures and fetches them, on a new connection for each request, until /readyz is no longer 200. Then it finishes what it has
begun. Prints what became of it as JSON: "answers" by status, "cut" requests that got no whole answer, and the acknowledged "images".
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections import Counter

BODY = json.dumps({"prompt": "a lake at dawn", "size": "256x256", "response_format": "url"})
HEADERS = {"Content-Type": "application/json", "Connection": "close"}


class Clients:
    def __init__(self, port: int):
        self.port = port
        self.answers, self.cut, self.images = Counter(), [], []
        self.is_ready = True

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, HEADERS)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def work(self) -> None:
        while self.is_ready:
            try:
                status, answer = self.request("POST", "/v1/images/generations", BODY)
                self.answers[str(status)] += 1
                if status == 200:
                    path = "/images/" + json.loads(answer)["data"][0]["url"].rpartition("/")[2]
                    self.images.append(path)
                    status, _ = self.request("GET", path)
                    self.answers[str(status)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.cut.append(repr(error))

    def watch(self) -> None:
        while self.is_ready:
            try:
                status, _ = self.request("GET", "/readyz")
                self.is_ready = status == 200
            except (OSError, http.client.HTTPException):
                self.is_ready = False
            time.sleep(0.05)


def main(port: int, count: int) -> None:
    clients = Clients(port)
    threads = [threading.Thread(target=clients.work) for _ in range(count)] + [threading.Thread(target=clients.watch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"answers": clients.answers, "cut": clients.cut, "images": clients.images}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
