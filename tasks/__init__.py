"""The tasks, one file a stage: thin, cached, retried wrappers over the library.

Installed as ``stockpot.tasks`` (a link in src/stockpot leads here), and always imported by that name.
"""
