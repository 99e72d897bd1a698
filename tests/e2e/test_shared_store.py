"""Machines that share a store, each with a cache folder of its own: one trains, all have it; and what becomes
of a cook whose store is slow, damaged or gone.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockpot.remote import Remote
from tests.e2e.house import Ended, House, Pot, pot
from tests.e2e.test_clusters import dask_cluster, until
from tests.s3 import Server, forget, free_ports, s3_server

pytestmark = pytest.mark.timeout(600)
SLOW = {"grid": {"steps": [400], "learning_rate": [0.002]}, "subsets": {"count": 6}}
"""Six training tasks of about a second each."""
CHUNK_SECONDS = 0.03


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Pot:
    return pot(tmp_path_factory.mktemp("shared"), "orchard", **SLOW)


@pytest.fixture(scope="module")
def soup(house: House, trees: Pot) -> dict[str, bytes]:
    """The soup of a store in a folder."""
    assert house.run("cook", *trees.arguments(out="plain")).code == 0
    return trees.soup("plain")


@pytest.fixture(autouse=True)
def _credentials(s3: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the environment of all that is started, and of this process."""
    for name, value in (s3.bucket.environment() | {"AWS_MAX_ATTEMPTS": "1"}).items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


def machine(house: House, trees: Pot, name: str) -> House:
    """The same server, from where there is a cache folder of its own."""
    return replace(house, cache=trees.folder / "caches" / name)


def arguments(trees: Pot, out: str, url: str, **options: Any) -> list[str]:
    """Of a cook on the store at a URL."""
    given = trees.arguments(out=out, **options)
    given[given.index("--store") + 1] = url
    return given


def cook(house: House, trees: Pot, out: str, url: str, **options: Any) -> Ended:
    """On a machine that is called as its results are."""
    return machine(house, trees, out).run("cook", *arguments(trees, out, url, **options))


def uploads(url: str, stage: str = "train") -> set[str]:
    """Everything of a stage that was ever uploaded: each maker has a nonce of its own."""
    far = Remote(url)
    return {str(path) for path in far.files.find(far.at(stage))}


def done(url: str) -> int:
    """Batches whose manifest is there."""
    return sum(path.endswith("manifest.json") for path in uploads(url))


def mirrored(trees: Pot, name: str, stage: str = "train") -> set[str]:
    """Keys in a machine's mirror."""
    return {path.name for path in (trees.folder / "caches" / name).glob(f"stockpot/mirrors/*/{stage}/[!.]*")}


def test_a_second_machine_trains_nothing_and_ships_the_same_soup(house, s3, trees, soup):
    url = s3.bucket.url("two")
    first = cook(house, trees, "first", url)
    assert (first.code, first.err) == (0, "")
    there = uploads(url)
    second = cook(house, trees, "second", url, rows=21)
    assert (second.code, second.err) == (0, "")
    assert uploads(url) == there
    assert len(mirrored(trees, "first")) == 6
    assert mirrored(trees, "first") == mirrored(trees, "second")
    assert trees.soup("first") == trees.soup("second") == soup
    third = cook(house, trees, "third", url)
    assert house.runs_of(trees.table)[-1]["state_name"] == "Cached"
    assert third.code == 0
    rows = [(trees.folder / out / "synthetic.csv").read_bytes() for out in ("plain", "first", "third")]
    assert rows[0] == rows[1] == rows[2]


def test_a_folder_behind_a_url_is_shared_likewise(house, trees, soup):
    url = f"file://{trees.folder}/far"
    assert cook(house, trees, "near", url).code == 0
    there = uploads(url)
    assert cook(house, trees, "nearer", url, rows=21).code == 0
    assert uploads(url) == there
    assert trees.soup("near") == trees.soup("nearer") == soup


def test_a_folder_that_machines_mount_is_shared_by_users_of_different_homes(house, trees, soup, monkeypatch):
    made: dict[str, int] = {}
    for name, rows in (("anna", 20), ("otto", 21)):
        (trees.folder / name).mkdir()
        monkeypatch.setenv("HOME", str(trees.folder / name))
        anywhere = machine(house, trees, name)
        assert anywhere.run("cook", *trees.arguments(out=f"of {name}", store="mounted", rows=rows)).code == 0
        assert trees.soup(f"of {name}") == soup
        made = made or trees.trained("mounted")
    assert len(made) == 6
    assert trees.trained("mounted") == made


def test_a_truncated_object_is_made_again_by_who_lacks_it(house, s3, trees, soup):
    url = s3.bucket.url("truncated")
    assert cook(house, trees, "whole", url).code == 0
    far = Remote(url)
    weights = min(path for path in uploads(url) if path.endswith(".safetensors"))
    far.files.pipe_file(weights, far.files.cat_file(weights)[:-1])
    there = uploads(url)
    again = cook(house, trees, "again", url, rows=21)
    assert (again.code, again.err) == (0, "")
    assert (
        len(uploads(url) - there) == 1
    )  # one batch by another maker; the manifest is in the place of the old one
    assert trees.soup("again") == soup
    verified = house.run("store", "verify", "--store", url)
    assert verified.code == 0, verified.out


class Proxy:
    """On loopback, before a server; it may hold every chunk back, and may be away for a while."""

    def __init__(self, endpoint: str, seconds: float = 0.0) -> None:
        self.target, self.seconds = int(endpoint.rsplit(":", 1)[1]), seconds
        (self.port,) = free_ports(1)
        self.chunks = 0

    @contextmanager
    def running(self) -> Iterator[str]:
        """Its address."""
        self.loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self.loop.run_forever)
        thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        server = asyncio.run_coroutine_threadsafe(serving, self.loop).result()
        try:
            yield f"http://127.0.0.1:{self.port}"
        finally:
            self.loop.call_soon_threadsafe(server.close)
            asyncio.run_coroutine_threadsafe(self._end(), self.loop).result()
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join()
            self.loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(4096):
                await asyncio.sleep(self.seconds)
                self.chunks += 1
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


def test_a_slow_store_costs_time_and_nothing_else(house, s3, trees, soup, monkeypatch):
    proxy = Proxy(s3.bucket.endpoint, CHUNK_SECONDS)
    with proxy.running() as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        ended = cook(house, trees, "slow", s3.bucket.url("slow"))
    assert (ended.code, ended.err) == (0, "")
    assert proxy.chunks > 100
    assert trees.soup("slow") == soup


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An S3 server that may be stopped."""
    with s3_server(tmp_path / "s3") as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.bucket.endpoint)
        forget()
        yield server


def test_a_store_that_goes_away_and_comes_back_is_tried_again(house, s3, trees, soup, monkeypatch):
    url, proxy = s3.bucket.url("away"), Proxy(s3.bucket.endpoint)
    anywhere = machine(house, trees, "away")
    with ExitStack() as kitchen:
        with proxy.running() as address:
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
            process = kitchen.enter_context(anywhere.start("cook", *arguments(trees, "away", url, workers=1)))
            until(lambda: done(url) >= 2)
        until(lambda: "AwaitingRetry" in states(house, trees))
        with proxy.running():
            _, err = process.communicate(timeout=240)
    assert (process.returncode, err) == (0, "")
    assert trees.soup("away") == soup


def states(house: House, trees: Pot) -> set[str]:
    """Of the tasks of the last cook, as they are."""
    run = house.runs_of(trees.table)[-1]
    tasks = house.ask("task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})
    return {task["state_name"] for task in tasks}


def test_a_store_that_stays_away_is_told_in_a_sentence_and_the_next_cook_goes_on(house, own, trees, soup):
    url = own.bucket.url("gone")
    given = arguments(trees, "gone", url, workers=1)
    with machine(house, trees, "gone").start("cook", *given) as process:
        until(lambda: done(url) >= 2)
        own.stop()
        _, err = process.communicate(timeout=240)
    assert process.returncode == 1
    assert err.startswith(f"stockpot: {url} could not be used: ")
    assert err.count("\n") == 1
    own.start()
    there = uploads(url)
    assert cook(house, trees, "gone", url).code == 0
    assert there < uploads(url)
    assert trees.soup("gone") == soup


def test_dask_workers_with_mirrors_of_their_own_share_the_work(house, s3, trees, soup, tmp_path):
    """Each worker's process has another cache folder; only the store is common."""
    url = s3.bucket.url("dask")
    with dask_cluster(house, tmp_path, caches=trees.folder / "caches") as (address, _):
        ended = cook(house, trees, "dask", url, runner="dask", cluster=address)
    assert (ended.code, ended.err) == (0, "")
    assert trees.soup("dask") == soup
    one, two = mirrored(trees, "one"), mirrored(trees, "two")
    assert len(one | two) == 6
    assert done(url) == 6
    for name in ("one", "two"):
        assert list((trees.folder / "caches" / name).glob("stockpot/mirrors/*/results/*"))
