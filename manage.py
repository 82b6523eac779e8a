#!/usr/bin/env python
"""Run a management command: `python manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        if sys.argv[1:2] == ["start"]:
            # Past Django's own way, which reads all apps first: servers start meanwhile.
            from exodrive.management.commands.start import Command

            Command().run_from_argv(sys.argv)
        else:
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")
    except OperationalError:
        from django.conf import settings

        from exodrive.db.unreachable import why

        if not (reason := why(settings.DATABASE_VARIABLE)):
            raise
        sys.exit(f"Error: {reason}")


if __name__ == "__main__":
    main()
