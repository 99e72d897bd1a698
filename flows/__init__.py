"""The flows, and the command line that calls them: what a person runs.

Installed as ``stockpot.flows`` (a link in src/stockpot leads here), and always imported by that name: a
module loaded under two names has two of every class, and what one caches the other cannot read. Only
``python -m flows.cook`` starts from here, and it hands over at once.
"""
