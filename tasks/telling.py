"""What a delivery tells Prefect: events, which automations can wait for.

``stockpot.soup.shipped`` at each delivery, ``stockpot.quality.dropped`` when held-out quality dropped.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import emit_event
from prefect.runtime import flow_run

from stockpot import alerts
from stockpot.config import CookConfig
from stockpot.figures import Figures
from stockpot.tasks.showing import slug

SHIPPED, DROPPED = "stockpot.soup.shipped", "stockpot.quality.dropped"


def tell(config: CookConfig, figures: Figures, previous: Figures | None) -> None:
    """Emit the events. A try that is made again emits them again, under the same ids: they are the same."""
    payload = _payload(config, figures, previous)
    _emit(SHIPPED, figures.table.name, payload)
    reasons = alerts.drops(figures, previous, config.alert_below)
    if reasons:
        told = {"reasons": reasons, "sentence": " ".join(reasons), "alert_below": config.alert_below}
        _emit(DROPPED, figures.table.name, payload | told)


def _payload(config: CookConfig, figures: Figures, previous: Figures | None) -> dict[str, Any]:
    about = {"table": figures.table.name, "model": figures.model, "rows": config.rows}
    before = alerts.facts(previous) if previous else None
    return about | alerts.facts(figures) | {"previous": before, "results": str(config.folder.absolute())}


def _emit(event: str, table: str, payload: dict[str, Any]) -> None:
    resource = {"prefect.resource.id": f"stockpot.table.{slug(table)}", "prefect.resource.name": table}
    emit_event(event, resource, payload=payload, id=_same(event))


def _same(event: str) -> UUID:
    """An event's id: of the flow run, so that it happens once a run."""
    return uuid5(NAMESPACE_URL, f"{event}/{flow_run.id}")
