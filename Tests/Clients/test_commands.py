"""Programs of Debian that make requests and fetch files: curl, HTTPie, PHP, Perl, wget."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from pictures import checked_png
from uploads import picture

GENERATION = {"model": "dall-e-2", "prompt": "A lake", "size": "256x256"}


def run(*command: str, folder: Path, **variables: str) -> str:
    """What a program prints. It must end well."""
    ended = subprocess.run(
        command, cwd=folder, env=os.environ | variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended
    return ended.stdout + ended.stderr if command[0] == "wget" else ended.stdout


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "a.png").write_bytes(picture())
    (tmp_path / "b.png").write_bytes(picture(colour=(30, 30, 200)))
    return tmp_path


@pytest.fixture
def url(pool) -> str:
    [url] = pool.urls(**GENERATION)
    return url


def test_curl(pool, folder):
    api = f"{pool.url}/v1/images"
    answer = json.loads(run("curl", "-sS", "--json", json.dumps(GENERATION), f"{api}/generations", "-H", "Authorization: Bearer test",
                            folder=folder))
    run("curl", "-sSf", "--remote-time", "-o", "lake.png", answer["data"][0]["url"], folder=folder)
    checked_png((folder / "lake.png").read_bytes(), "256x256")
    edit = ["-F", "model=gpt-image-2", "-F", "prompt=A lake", "-F", "image[]=@a.png", "-F", "image[]=@b.png"]
    answer = json.loads(run("curl", "-sSf", *edit, f"{api}/edits", folder=folder))
    checked_png(base64.b64decode(answer["data"][0]["b64_json"]), "1024x1024")
    # `image` twice, as people write it; chunks without a length.
    answer = json.loads(run("curl", "-sSf", "-H", "Transfer-Encoding: chunked", "-F", "model=gpt-image-2", "-F", "prompt=A lake", "-F",
                            "image=@a.png", "-F", "image=@b.png", f"{api}/edits", folder=folder))
    assert answer["data"][0]["b64_json"]


def test_curl_resumes_and_compares(folder, url):
    run("curl", "-sSf", "-o", "lake.png", "--etag-save", "etag", url, folder=folder)
    whole = (folder / "lake.png").read_bytes()
    (folder / "lake.png").write_bytes(whole[:100])
    run("curl", "-sSf", "-C", "-", "-o", "lake.png", url, folder=folder)
    assert (folder / "lake.png").read_bytes() == whole
    told = run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--etag-compare", "etag", url, folder=folder)
    assert told == "304"


def test_httpie(pool, folder, url):
    api = f"{pool.url}/v1/images"
    plain = ("http", "--ignore-stdin", "--check-status", "--body")
    answer = json.loads(run(*plain, "POST", f"{api}/generations", "Authorization:Bearer test", "prompt=A lake", "model=dall-e-2",
                            "size=256x256", "n:=2", folder=folder))
    assert len(answer["data"]) == 2
    answer = json.loads(run(*plain, "--multipart", "POST", f"{api}/edits", "model=gpt-image-2", "prompt=A lake",
                            "image@a.png;type=image/png", folder=folder))
    checked_png(base64.b64decode(answer["data"][0]["b64_json"]))
    run("http", "--ignore-stdin", "--check-status", "--download", "--output", "lake.png", url, folder=folder)
    checked_png((folder / "lake.png").read_bytes(), "256x256")


PHP = r"""<?php
function ask(string $path, $body, array $headers = []) {
  $curl = curl_init(getenv("BASE") . $path);
  curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => $body,
    CURLOPT_HTTPHEADER => array_merge(["Authorization: Bearer test"], $headers)]);
  $answer = json_decode(curl_exec($curl), true);
  if (curl_getinfo($curl, CURLINFO_HTTP_CODE) !== 200) { throw new Exception(json_encode($answer)); }
  return $answer["data"];
}
$json = ask("/images/generations", json_encode(["prompt" => "A lake", "model" => "dall-e-2", "n" => "2", "size" => "256x256"]),
            ["Content-Type: application/json"]);
$file = new CURLFile(getcwd() . "/a.png");
$form = ["model" => "gpt-image-2", "prompt" => "A lake", "n" => 1, "image[0]" => $file, "image[1]" => new CURLFile("b.png", "image/png")];
$edit = ask("/images/edits", $form);
// PHP's own streams know no curl, and close the connection.
$context = stream_context_create(["http" => ["header" => "Authorization: Bearer test"]]);
echo json_encode(["images" => array_column($json, "url"), "edit" => $edit[0]["b64_json"],
                  "fetched" => strlen(file_get_contents($json[0]["url"], false, $context))]);
"""


def test_php(pool, folder):
    (folder / "ask.php").write_text(PHP)
    told = json.loads(run("php", "ask.php", folder=folder, BASE=f"{pool.url}/v1"))
    assert len(told["images"]) == 2 and told["fetched"] > 500
    checked_png(base64.b64decode(told["edit"]))


PERL = r"""
use strict; use warnings; use LWP::UserAgent; use HTTP::Request::Common qw(POST);
my ($base, $url) = @ARGV;
my $agent = LWP::UserAgent->new(timeout => 30);
print join(",", map { $agent->mirror($url, "lake.png")->code } 1 .. 2), "\n";
my $edit = $agent->request(POST "$base/images/edits", Content_Type => "form-data",
  Content => [model => "gpt-image-2", prompt => "A lake", image => ["a.png"]]);
print $edit->code, "\n";
my $wrong = $agent->post("$base/images/edits", Content_Type => "form-data", Content => [prompt => "", image => ["a.png"]]);
print $wrong->code, "\n";
"""


def test_perl_mirrors_an_image_once(pool, folder, url):
    """The second time, LWP sends If-Modified-Since with the file's date, which is the image's."""
    told = run("perl", "-e", PERL, f"{pool.url}/v1", url, folder=folder)
    assert told.split() == ["200,304", "200", "400"]
    checked_png((folder / "lake.png").read_bytes(), "256x256")


def test_wget_fetches_a_newer_file_only(folder, url):
    name = url.rpartition("/")[2]
    first, second = run("wget", "-N", "-nv", "-S", url, folder=folder), run("wget", "-N", "-S", url, folder=folder)
    assert "HTTP/1.1 200" in first and "HTTP/1.1 304" in second and "HTTP/1.1 200" not in second
    checked_png((folder / name).read_bytes(), "256x256")


def test_wget_continues(folder, url):
    run("wget", "-q", "-O", "lake.png", url, folder=folder)
    whole = (folder / "lake.png").read_bytes()
    (folder / "lake.png").write_bytes(whole[:100])
    run("wget", "-q", "-c", "-O", "lake.png", url, folder=folder)
    assert (folder / "lake.png").read_bytes() == whole
