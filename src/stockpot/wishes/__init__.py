"""What a person wishes of drawn rows beyond their number: conditions, balance, cells to keep, distance ...

Imputation of a table's missing cells stands beside them.
"""
