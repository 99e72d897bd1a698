"""What Prefect must know before it is imported. Values that a person has set are left alone."""

from __future__ import annotations

import logging
import os

DEFAULTS = {
    # A first start migrates a database, which under load takes longer than Prefect's own 20 s.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # The library's plain loggers speak in the run's log, in workers too.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "stockpot",
    # A person at a terminal sees stockpot's own progress and sentences; the run's log on the server has all.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_HANDLERS_DEBUG_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def prepare(*, verbose: bool) -> None:
    """Set what is not set. ``verbose``: Prefect's log is shown as well."""
    # Else Prefect says on standard error of each line of log that a server which is away did not take.
    logging.raiseExceptions = verbose
    if verbose:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO")
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_DEBUG_LEVEL", "ERROR")
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
