"""The tasks, one file a stage: thin, cached, retried wrappers over the library.

Installed as ``stockpot.tasks`` (a link in src/stockpot leads here), and always imported by that name.
"""

import logging

# The library's plain loggers tell each stage's time; Prefect puts what they say into the run's log.
logging.getLogger("stockpot").setLevel(logging.INFO)
