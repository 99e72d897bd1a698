"""A stand-in for the Hugging Face Hub: a small HTTP server that speaks the few endpoints that an upload and
a download need. It is no Hub: what it does not know it answers with 404, and its words are our reading of the
client's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

READER, WRITER = "hf_reader", "hf_writer"
LARGE = ".safetensors"


@dataclass
class Repo:
    """Commits, the last one last: path -> content."""

    private: bool
    commits: list[dict[str, bytes]] = field(default_factory=list)

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[-1] if self.commits else {}

    def sha(self, number: int = -1) -> str:
        files = self.commits[number] if self.commits else {}
        told = json.dumps({name: hashlib.sha1(content).hexdigest() for name, content in files.items()})
        return hashlib.sha1(f"{len(self.commits)}{told}".encode()).hexdigest()


@dataclass
class StandIn:
    """``large``: what was uploaded by digest, for the next commit."""

    url: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    broken: bool = False


class Handler(BaseHTTPRequestHandler):
    hub: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def answer(self, status: int, body: object = None, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def read(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def refused(self, write: bool, repo: Repo | None = None) -> bool:
        """401 for who is unknown, 403 for who may only read."""
        if self.hub.broken:
            self.answer(500, {"error": "Internal Error"})
        elif self.token not in (READER, WRITER) and (write or (repo and repo.private)):
            self.answer(401, {"error": "Invalid username or password."})
        elif write and self.token != WRITER:
            self.answer(403, {"error": "Forbidden"})
        else:
            return False
        return True

    def do_POST(self) -> None:
        body, path = self.read(), self.path.partition("?")[0]
        if self.refused(write=path != "/api/validate-yaml"):
            return
        if path == "/api/validate-yaml":
            self.answer(200, {"errors": [], "warnings": []})
        elif path == "/api/repos/create":
            self.create(json.loads(body))
        elif found := re.fullmatch(r"/api/models/(.+)/preupload/main", path):
            modes = [self.mode(found[1], each["path"]) for each in json.loads(body)["files"]]
            self.answer(200, {"files": modes})
        elif re.fullmatch(r"/(.+)\.git/info/lfs/objects/batch", path):
            upload = {"upload": {"href": f"{self.hub.url}/lfs/"}}
            objects = [
                each | {"actions": {"upload": {"href": upload["upload"]["href"] + each["oid"]}}}
                for each in json.loads(body)["objects"]
            ]
            self.answer(200, {"transfer": "basic", "objects": objects})
        elif found := re.fullmatch(r"/api/models/(.+)/commit/main", path):
            self.commit(found[1], [json.loads(line) for line in body.splitlines()])
        else:
            self.answer(404, {"error": "unknown"})

    def create(self, asked: dict[str, Any]) -> None:
        name = f"{asked.get('organization', 'me')}/{asked['name']}"
        known = name in self.hub.repos
        private = asked.get("visibility") == "private" or bool(asked.get("private"))
        self.hub.repos.setdefault(name, Repo(private))
        self.answer(409 if known else 200, {"url": f"{self.hub.url}/{name}", "name": name})

    def mode(self, repo: str, path: str) -> dict[str, Any]:
        mode = "lfs" if path.endswith(LARGE) else "regular"
        return {"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": None}

    def do_PUT(self) -> None:
        body = self.read()
        self.hub.large[self.path.rpartition("/")[2]] = body
        self.answer(200, {})

    def commit(self, name: str, lines: list[dict[str, Any]]) -> None:
        repo = self.hub.repos[name]
        files = dict(repo.files)
        for line in lines:
            value = line["value"]
            if line["key"] == "header":
                self.hub.messages.append(value["summary"])
            elif line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
        repo.commits.append(files)
        self.answer(200, {"commitUrl": f"{self.hub.url}/{name}/commit/{repo.sha()}", "commitOid": repo.sha()})

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+))?", path):
            self.tell(found[1], found[2], found[3])
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.resolve(found[1], found[3])
        else:
            self.answer(404, {"error": "unknown"})

    do_HEAD = do_GET  # noqa: N815 - the base class says so

    def found(self, name: str) -> Repo | None:
        repo = self.hub.repos.get(name)
        if self.refused(write=False, repo=repo):
            return None
        if repo is None:
            self.answer(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
        return repo

    def tell(self, name: str, what: str | None, revision: str | None) -> None:
        repo = self.found(name)
        if repo is None:
            return
        if revision not in (None, "main", repo.sha()):
            self.answer(404, {"error": "Invalid rev"}, X_Error_Code="RevisionNotFound")
        elif what == "tree":
            self.answer(200, [self.entry(path, content) for path, content in repo.files.items()])
        else:
            self.answer(200, {"id": name, "sha": repo.sha(), "private": repo.private, "siblings": []})

    def entry(self, path: str, content: bytes) -> dict[str, Any]:
        oid = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        large = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
        more = {"lfs": large} if path.endswith(LARGE) else {}
        return {"type": "file", "path": path, "oid": oid, "size": len(content), **more}

    def resolve(self, name: str, path: str) -> None:
        repo = self.found(name)
        if repo is None:
            return
        if path not in repo.files:
            self.answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
            return
        content = repo.files[path]
        etag = hashlib.sha256(content).hexdigest()
        self.answer(200, content, ETag=f'"{etag}"', X_Repo_Commit=repo.sha())


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """On loopback, in this process; it is gone at the end."""
    hub = StandIn()
    handler = type("OfOne", (Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
