"""A real S3 server on loopback: SeaweedFS, a distributed object store, as one process on a scratch folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import pytest
import s3fs

from stockpot.remote import Remote
from stockpot.store import Store

KEY, SECRET = "cook", "a secret of the tests"
READER, READERS_SECRET = "reader", "another secret of the tests"
PARTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True)
class Bucket:
    """A bucket of the server's, and what a client's environment must say."""

    endpoint: str
    name: str = "kitchen"

    def environment(
        self, key: str = KEY, secret: str = SECRET, endpoint: str | None = None
    ) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": endpoint or self.endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def files(self) -> Any:
        """As its owner sees it."""
        return s3fs.S3FileSystem(key=KEY, secret=SECRET, endpoint_url=self.endpoint, use_listings_cache=False)

    def url(self, prefix: str) -> str:
        return f"s3://{self.name}/{prefix}"


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Server:
    """One process; it may be stopped and started again on the same folder and ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = free_ports(2 * len(PARTS))
        self.process: subprocess.Popen[bytes] | None = None
        self.bucket = Bucket(f"http://127.0.0.1:{self.ports[-2]}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "s3.json").write_text(json.dumps({"identities": _identities()}))

    def start(self) -> None:
        """Until the bucket is there."""
        with (self.folder / "weed.log").open("a") as log:
            self.process = subprocess.Popen(
                self._command(), stdout=log, stderr=log, start_new_session=True, cwd=self.folder
            )
        end = time.monotonic() + 60
        while not self._has_bucket():
            assert self.process.poll() is None, (self.folder / "weed.log").read_text()
            assert time.monotonic() < end, "the S3 server does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """At once: a clean end takes it half a minute."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _has_bucket(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ports[-2]), timeout=1):
                pass
            if not self.bucket.files.exists(self.bucket.name):
                self.bucket.files.mkdir(self.bucket.name)
            self.bucket.files.pipe_file(f"{self.bucket.name}/.ready", b"1")
        except Exception:  # noqa: BLE001 - whatever it says before it is ready
            return False
        return True

    def _command(self) -> list[str]:
        ports = [
            f"-{part}.port{kind}={self.ports[2 * at + (kind != '')]}"
            for at, part in enumerate(PARTS)
            for kind in ("", ".grpc")
        ]
        loopback = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"]
        s3 = [
            "-s3",
            "-s3.config=s3.json",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.autoCreateBucket=false",
        ]
        small = [
            "-dir=.",
            "-filer.localSocket=filer.sock",
            "-s3.localSocket=s3.sock",
            "-master.volumeSizeLimitMB=64",
            "-volume.max=0",
            "-volume.minFreeSpace=100MB",
        ]
        weed = str(Path(sys.executable).with_name("weed"))
        return [weed, "-logtostderr=true", "server", *loopback, *ports, *s3, *small]


def _identities() -> list[dict[str, Any]]:
    def identity(name: str, secret: str, *actions: str) -> dict[str, Any]:
        return {
            "name": name,
            "credentials": [{"accessKey": name, "secretKey": secret}],
            "actions": list(actions),
        }

    owner = identity(KEY, SECRET, "Admin", "Read", "Write", "List", "Tagging")
    return [owner, identity(READER, READERS_SECRET, "Read", "List")]


@contextmanager
def s3_server(folder: Path) -> Iterator[Server]:
    """It listens on loopback alone, and is gone afterwards."""
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@dataclass(frozen=True)
class Shared:
    """A place that machines share, and the stores that they see it through."""

    url: str
    folder: Path

    def machine(self, name: str) -> Store:
        """A mirror of its own, and nothing remembered of what the far side has."""
        return Store(self.folder / name, Remote(self.url))

    @property
    def far(self) -> Remote:
        return Remote(self.url)

    def objects(self) -> list[str]:
        """Their names below the URL, without what a server lists of empty folders."""
        path = self.far.path
        names = (str(name)[len(path) + 1 :] for name in self.far.files.find(path))
        return sorted(name for name in names if name)


def become(patch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """From now on clients have this environment; an empty entry is none."""
    forget()
    for name, value in environment.items():
        if value:
            patch.setenv(name, value)
        else:
            patch.delenv(name, raising=False)


def forget() -> None:
    """fsspec keeps the clients that it made."""
    fsspec.get_filesystem_class("s3").clear_instance_cache()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as scratch, s3_server(Path(scratch)) as kept:
        for name, value in kept.bucket.environment().items():
            print(f"export {name}='{value}'")
        print(f"# a store: {kept.bucket.url('stockpot')}; Ctrl-C ends it", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
