"""manage.py create_api_token EMAIL: a staff key for the JSON API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.models import ApiToken, User
from exodrive.rls import STAFF, acting_as


class Command(BaseCommand):
    """Prints one line whose last word is the token. It is stored hashed and cannot be shown again."""

    help = "Make an API token for a member of staff and print it as the last word."

    def add_arguments(self, parser: CommandParser) -> None:
        """The email of an active member of staff, and what the token is for."""
        parser.add_argument("email")
        parser.add_argument("--name", default="create_api_token", help="what will use the token")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Fails for somebody who may not act as staff: such a token would open nothing."""
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None or not user.works_here:
            raise CommandError(f"{email} is not an active member of the groups Desk or Manager.")
        with acting_as(STAFF, user=user):
            token = ApiToken.issue(user=user, name=name[:100])
        self.stdout.write(f"API token for {user.email}, shown once: {token}")
