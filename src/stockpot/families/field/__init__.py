"""The ``field`` family: an orderless autoregressive net over discretised fields.

Uria, Murray and Larochelle, 'A Deep and Tractable Density Estimator', ICML 2014.
"""
