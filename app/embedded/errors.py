"""What can keep a database from starting? One sentence for the person at the keyboard."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the message says why and what to do."""


class AlreadyRunning(EmbeddedError):
    """Another process of ours keeps this data folder."""
