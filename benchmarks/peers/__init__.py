"""Scripts that run in a peer's own environment, which has no stockpot: they import pandas and the peer."""
