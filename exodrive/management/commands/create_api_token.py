"""manage.py create_api_token EMAIL: a staff key for the JSON API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.models import MAX_TOKEN_DAYS, TOKEN_DAYS, ApiToken, User
from exodrive.rls import STAFF, acting_as
from exodrive.staff.journal import Kind, say


class Command(BaseCommand):
    """Prints one line whose last word is the token. It is stored hashed and cannot be shown again.

    Asks for no password: whoever has this shell has the database.
    """

    help = "Make an API token for a member of staff and print it as the last word."

    def add_arguments(self, parser: CommandParser) -> None:
        """The email of an active member of staff, and what the token is for."""
        parser.add_argument("email")
        parser.add_argument("--name", default="create_api_token", help="what will use the token")
        parser.add_argument(
            "--scope",
            dest="scopes",
            action="append",
            choices=ApiToken.Scope.values,
            help="what it may do; may be given several times (all of them)",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=TOKEN_DAYS,
            choices=range(1, MAX_TOKEN_DAYS + 1),
            metavar="N",
            help=f"after how many days it ends ({TOKEN_DAYS}; at most {MAX_TOKEN_DAYS})",
        )

    def handle(
        self, *args: Any, email: str, name: str, scopes: list[str] | None, days: int, **options: Any
    ) -> None:
        """Fails for somebody who may not act as staff: such a token would open nothing."""
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None or not user.works_here:
            raise CommandError(f"{email} is not an active member of the groups Desk or Manager.")
        with acting_as(STAFF, user=user):
            wanted = scopes or ApiToken.Scope.values
            token = ApiToken.issue(user=user, name=name[:100], scopes=wanted, days=days)
            say(Kind.TOKEN_MADE, user_id=user.pk)
        self.stdout.write(f"API token for {user.email}, shown once: {token}")
