"""A streaming standby of an embedded PostgreSQL, to try and to measure what reads from one."""

import os
import subprocess
from pathlib import Path

from exodrive.dev.embedded.postgres import Postgres


def standby_of(primary: Postgres, home: Path, port: int = 0) -> Postgres:
    """A copy of `primary` in the new folder `home`, started, that replays what the primary writes.

    The caller stops it. Raises CalledProcessError when the primary cannot be copied.
    """
    data = home / "postgres"
    account = primary.account
    home.mkdir()
    if account:
        os.chown(home, account.uid, account.gid)
    argv = [str(primary.bin / "pg_basebackup"), "-D", str(data), "-R", "-c", "fast", "--no-sync"]
    subprocess.run(  # noqa: S603
        [*argv, "-d", primary.admin_url],
        check=True,
        capture_output=True,
        cwd="/",
        **(account.popen if account else {}),
    )
    (data / "postmaster.pid").unlink(missing_ok=True)
    standby = Postgres(
        home,
        bin_folder=primary.bin,
        account=account,
        log=home.parent / "standby.log",
        password=primary.password,
        durable=False,
        port=port,
    )
    standby.start()
    return standby
