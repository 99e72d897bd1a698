"""The ``char`` family: a character-level LSTM over the row as delimited text.

Hochreiter and Schmidhuber, 'Long short-term memory', Neural Computation 1997.
"""
