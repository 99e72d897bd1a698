"""Alerts: a webhook block with the address given, and the automation of automations.yaml that calls it.

python deployments/alert.py https://hooks.example.org/mine
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.events.schemas.automations import AutomationCore
from pydantic import SecretStr

BLOCK = "stockpot-alerts"
FILE = Path(__file__).with_name("automations.yaml")


def main(address: str) -> None:
    """Both are replaced if they are there: the last address counts."""
    block = Webhook(url=SecretStr(address)).save(BLOCK, overwrite=True)
    for told in yaml.safe_load(FILE.read_text(encoding="utf-8"))["automations"]:
        for action in told["actions"]:
            action["block_document_id"] = str(block)
        _replace(AutomationCore.model_validate(told))
        sys.stdout.write(f"{told['name']} calls the webhook of block {BLOCK}\n")


def _replace(automation: AutomationCore) -> None:
    with get_client(sync_client=True) as client:
        for old in client.read_automations_by_name(automation.name):
            client.delete_automation(old.id)
        client.create_automation(automation)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give the webhook's address: python deployments/alert.py https://hooks.example.org/mine")
    main(sys.argv[1])
