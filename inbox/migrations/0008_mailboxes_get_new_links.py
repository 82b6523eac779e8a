"""A link that replaces a forgotten PIN begins to work when the worker writes its mail.

`request_new_link` took nonce and hash from its caller. Injected SQL that knew an email and a reference could bring a hash
whose token it knew, and open the booking past its PIN. Now the database draws the nonce, which the public never reads,
and exo_service alone sets the hash.
"""

from importlib import import_module

from django.db import migrations

before = import_module("inbox.migrations.0006_replaced_links")
NEW = "request_new_link(text, text, integer)"
REQUEST_NEW_LINK = before.REQUEST_NEW_LINK.replace(
    "p_hours integer, p_nonce bytea, p_hash text)", "p_hours integer)"
).replace("p_nonce, p_hash, p_hours", "uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(), p_hours")


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_data_requests"), ("bookings", "0012_mailboxes_confirm")]
    operations = [
        migrations.RunSQL(
            f"DROP FUNCTION {before.NEW}", f"{before.REQUEST_NEW_LINK}; {before.CLOSE.format(before.NEW)}"
        ),
        migrations.RunSQL(f"{REQUEST_NEW_LINK}; {before.CLOSE.format(NEW)}", f"DROP FUNCTION {NEW}"),
    ]
