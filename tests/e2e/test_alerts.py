"""Alerts: what a delivery tells a real server, and an automation there that calls a webhook."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.e2e.house import PYTHON, ROOT, House, Pot, pot

SHIPPED, DROPPED = "stockpot.soup.shipped", "stockpot.quality.dropped"


@contextmanager
def listener() -> Iterator[tuple[str, queue.Queue[dict[str, Any]]]]:
    """A webhook's address on loopback, and what it was sent."""
    heard: queue.Queue[dict[str, Any]] = queue.Queue()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
        server.shutdown()
        thread.join()


def told(house: House, made: Pot, count: int) -> list[tuple[str, dict[str, Any]]]:
    """(event, payload) of a table, the first first; the server hears of them a moment later than the cook."""
    asked = {"resource": {"id": [f"stockpot.table.{made.table.stem}"]}, "order": "ASC"}
    found: list[dict[str, Any]] = []
    for _ in range(60):
        found = house.ask("events/filter", filter=asked)["events"]
        if len(found) >= count:
            break
        time.sleep(0.5)
    return [(event["event"], event["payload"]) for event in found]


@pytest.fixture(scope="module")
def leaves(house: House, tmp_path_factory: pytest.TempPathFactory) -> Pot:
    """Cooked once, without a threshold."""
    made = pot(tmp_path_factory.mktemp("leaves"), "leaves")
    ended = house.run("cook", *made.arguments())
    assert (ended.code, ended.err) == (0, "")
    return made


def test_a_delivery_is_told_with_its_figures_and_nothing_dropped(house, leaves):
    ((event, payload),) = told(house, leaves, 1)
    figures = json.loads((leaves.folder / "out" / "figures.json").read_text())
    assert event == SHIPPED
    assert payload["table_digest"] == figures["table"]["digest"]
    assert payload["ingredients"] == len(figures["shipped"]["proportions"])
    assert payload["quality"]["low"] <= payload["quality"]["value"] <= payload["quality"]["high"]
    assert (payload["table"], payload["rows"], payload["previous"]) == ("leaves", 20, None)


def test_a_drop_under_the_last_runs_interval_is_told_with_both_figures(house, leaves):
    path = leaves.folder / "out" / "figures.json"
    figures = json.loads(path.read_text())
    for model in figures["models"]:
        model["figures"]["quality_held_out"] |= {"value": 99.5, "low": 99.0, "high": 100.0}
    before = len(told(house, leaves, 1))
    path.write_text(json.dumps(figures))
    ended = house.run("cook", *leaves.arguments())
    (first, _), (second, payload) = told(house, leaves, before + 2)[before:]
    assert ended.code == 0
    assert (first, second) == (SHIPPED, DROPPED)
    assert payload["previous"]["quality"]["low"] == 99.0
    assert "under the last run's 99.5 (99.0 to 100.0)" in payload["sentence"]


def test_an_automation_calls_a_webhook_when_quality_is_below_what_was_asked_for(house, tmp_path):
    moss = pot(tmp_path, "moss")
    with listener() as (address, heard):
        for _ in range(2):  # the second replaces the first: one call
            made = house.run(ROOT / "deployments" / "alert.py", address, command=[PYTHON])
            assert (made.code, made.out) == (
                0,
                "stockpot-quality-dropped calls the webhook of block stockpot-alerts\n",
            ), made.err
        ended = house.run("cook", *moss.arguments(alert_below=100))
        text = heard.get(timeout=60)["text"]
        quiet = heard.empty()
    quality = told(house, moss, 2)[-1][1]["quality"]["value"]
    assert ended.code == 0
    assert quiet
    assert text == f"moss: Held-out quality is {quality:.1f}, below 100. Results: {moss.folder / 'out'}"


def test_a_threshold_that_nothing_can_be_held_against_is_refused(house, tmp_path):
    moss = pot(tmp_path, "dry", folds=0)
    ended = house.run("cook", *moss.arguments(alert_below=80))
    assert ended.code == 2
    assert ended.err == (
        "stockpot: Option 'alert_below' is 80.0, and without folds or a holdout no quality is held out: use "
        "folds or a holdout, or leave it out.\n"
    )
