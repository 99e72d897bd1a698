"""What deployments/ says: runs that can start, an image that can be built, secrets that are not in it."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from stockpot.flows import deploying

FOLDER = Path(__file__).parents[1] / "deployments"
ROOT = FOLDER.parent
FILES = ("prefect.yaml", "prefect-docker.yaml")
COMPOSE = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")


def read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("name", FILES)
def test_every_deployment_names_a_flow_and_options_that_it_takes(name):
    for deployment in read(name):
        module, _, flow = deployment["entrypoint"].partition(":")
        found = getattr(importlib.import_module(module), flow)
        given = found.validate_parameters(deployment.get("parameters", {}))
        assert set(given) <= {"config"}
        assert deployment["description"]
        assert deployment["tags"]


@pytest.mark.parametrize("name", FILES)
def test_what_has_a_schedule_has_a_time_zone_and_never_overlaps_itself(name):
    for deployment in read(name):
        for schedule in deployment.get("schedules", []):
            assert ZoneInfo(schedule["timezone"])
            assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize(("folder", "active"), [(ROOT, True), (ROOT / "docs", False)])
def test_a_schedule_is_on_only_where_its_table_is_there(monkeypatch, folder, active):
    monkeypatch.chdir(folder)
    nightly = next(one for one in read("prefect.yaml") if one["name"] == "cook-nightly")
    assert [schedule["active"] for schedule in deploying._sensible(nightly)["schedules"]] == [active]


def test_the_dockerfile_has_no_complaint_of_hadolint():
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_pinned_and_does_not_run_as_root():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert {re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base) is not None for base in bases} == {True}
    assert re.findall(r"^USER (.*)", DOCKERFILE, re.MULTILINE)[-1] not in ("root", "0")
    assert "--constraint constraints.txt" in DOCKERFILE


def test_all_that_the_dockerfile_copies_is_sent_to_docker_and_exists():
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    for sources in re.findall(r"^COPY (?!--from)(?:--\S+ )?(.*) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert source.split("/")[0] in allowed, source


def test_the_compose_file_has_no_secret_and_is_open_to_this_host_only():
    services = yaml.safe_load(COMPOSE)["services"]
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|AUTH|URL", name) and "PASSWORD" in value:
                assert re.search(r"\$\{\w+_PASSWORD[:}]", value), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert ":" in service["image"]
        assert not service["image"].endswith(":latest")
    asked = set(re.findall(r"\$\{(\w+):\?", COMPOSE))
    assert asked == set(re.findall(r"\$\{(\w+)", COMPOSE))


def test_the_compose_file_names_only_what_it_has():
    compose = yaml.safe_load(COMPOSE)
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])
