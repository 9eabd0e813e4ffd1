"""What a person has to know or to do before a backup can be made, read or restored."""


class BackupError(Exception):
    """Says in one sentence what is wrong, and what to do."""


class Busy(BackupError):
    """Another process is at work in the folder."""


class Damaged(BackupError):
    """Bytes are not what they were when the set was made."""


class WrongPassphrase(BackupError):
    """The passphrase does not open the folder's key."""
