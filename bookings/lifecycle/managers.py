"""What the desk may not do, whichever door it uses: refund, set rules aside, replace links."""

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.errors import Forbidden
from exodrive.models import MANAGER, User
from exodrive.rls import STAFF, current


def may_manage() -> bool:
    """Whether the identity in force is anything but a member of staff who is no manager.

    Jobs and customers have bounds of their own, and staff without a name are the shell's.
    """
    ident = current()
    if ident.role != STAFF or not ident.user_id:
        return True
    managers = User.objects.filter(Q(is_superuser=True) | Q(groups__name=MANAGER), is_active=True)
    return managers.filter(pk=ident.user_id).exists()


def refuse_desk() -> None:
    """Raise Forbidden for a member of staff who is no manager."""
    if not may_manage():
        raise Forbidden(_("Only a manager may do this."))
