"""The tasks, one file a stage: thin, cached, retried wrappers over the library.

Installed as ``stockpot.tasks`` (a link in src/stockpot leads here), and always imported by that name.
"""

import logging
import multiprocessing
import signal
from contextlib import suppress

# The library's plain loggers tell each stage's time; Prefect puts what they say into the run's log.
logging.getLogger("stockpot").setLevel(logging.INFO)

# An interruption at a terminal reaches every process of a cook: the one started by hand ends the others.
if multiprocessing.parent_process():
    with suppress(ValueError):  # not the main thread: then it is another's to decide
        signal.signal(signal.SIGINT, signal.SIG_IGN)
