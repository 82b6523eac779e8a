"""Started as root, web, worker and beat are somebody else: who takes them over owns nothing and rules nobody.

They become `nobody`, and may go on reading what root may read (CAP_DAC_READ_SEARCH): the interpreter and the checkout
often lie below a home that is closed to others. And listening where root may (CAP_NET_BIND_SERVICE): on
port 80, say. They write only to folders that are given to them.
"""

import ctypes
import os
import pwd
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from exodrive.dev.embedded.process import Account, die_with_parent

# <linux/capability.h>, <linux/prctl.h>
CAP_DAC_READ_SEARCH, CAP_NET_BIND_SERVICE = 2, 10
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def application_account() -> Account | None:
    """Whom the application runs as; None when we are not root, or when this machine lets nobody become another.

    Not the account of the services: who takes the web over does not own the database's files.
    """
    if os.geteuid() != 0 or _libc is None:
        return None
    with suppress(KeyError):
        entry = pwd.getpwnam("nobody")
        account = Account(entry.pw_uid, entry.pw_gid)
        return account if _works(account) else None
    return None


def become(account: Account | None, signum: int) -> Callable[[], None]:
    """A preexec_fn: the child is `account` (None: as we are) and dies with us (`die_with_parent`)."""
    dies = die_with_parent(signum)
    if account is None:
        return dies

    def before_exec() -> None:
        _lower(account)
        dies()  # after it: another account ends what was said before

    return before_exec


def give(folders: list[Path], account: Account) -> None:
    """Make the folders and let the account own all that is in them: links themselves, never what they lead to."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _lower(account: Account) -> None:
    _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    kept = (CAP_DAC_READ_SEARCH, CAP_NET_BIND_SERVICE)
    low = sum(1 << capability for capability in kept)
    if (
        _libc.capset(header, struct.pack("6I", low, low, low, 0, 0, 0)) == 0
    ):  # effective, permitted, inheritable
        for capability in kept:
            _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _works(account: Account) -> bool:
    """Whether such a child can start this Python, and read what is installed and this checkout."""
    # Our package is not imported: that takes as long as a whole process of the site.
    probe = [sys.executable, "-c", "import django; open('exodrive/errors.py').read()"]
    try:
        done = subprocess.run(  # noqa: S603
            probe,
            cwd=Path(__file__).parents[3],
            preexec_fn=lambda: _lower(account),
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
