"""What can go wrong, in one tree.

    StockpotError
    ├── UserError            a person can mend it: one sentence, exit code 2, never retried
    │   ├── TableError       the table cannot be used
    │   ├── SchemaError      the schema does not fit the table, or a family cannot learn one of its columns
    │   ├── ConfigError      an option is out of range or contradicts another
    │   ├── ConstraintError  a constraint cannot be read, or the real rows break it
    │   ├── ConditionError   a condition cannot be read, or no row can meet it
    │   ├── BlendError       these weights cannot be averaged
    │   ├── DrawError        a model draws too few valid rows
    │   ├── PluginError      what another package brings cannot be used
    │   ├── HubError         the Hugging Face Hub cannot be reached, or refuses
    │   └── FolderError      a folder or file is not what it should be
    └── DamagedError         a stored artefact does not match its digest: it is made again, not trusted

Each message is one sentence that names the column, file or option, the value that was seen, and the mend.
"""


class StockpotError(Exception):
    """Root of all errors that stockpot raises on purpose."""


class UserError(StockpotError):
    """A person can mend it."""


class TableError(UserError):
    """The table cannot be used."""


class SchemaError(UserError):
    """The schema does not fit the table, or a family cannot learn one of its columns."""


class ConfigError(UserError):
    """An option is out of range or contradicts another."""


class ConstraintError(UserError):
    """A constraint cannot be read, or the real rows break it."""


class ConditionError(UserError):
    """A condition cannot be read, or no row can meet it."""


class BlendError(UserError):
    """These weights cannot be averaged."""


class DrawError(UserError):
    """A model draws too few valid rows."""


class PluginError(UserError):
    """What another package brings cannot be used."""


class HubError(UserError):
    """The Hugging Face Hub cannot be reached, or refuses."""


class FolderError(UserError):
    """A folder or file is not what it should be."""


class DamagedError(StockpotError):
    """A stored artefact does not match its digest."""
