"""Every address gets its normal form, which alone can be compared, and which alone can be written.

PostgreSQL's `lower()` turned some letters from beyond ASCII into letters of somebody else's address.
"""

import logging

import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Lower

import exodrive.mailboxes

log = logging.getLogger(__name__)

CANONICAL = exodrive.mailboxes.CANONICAL
NOWHERE = "unknown-{0.pk}@unknown.invalid"  # for what is no address at all: nothing is ever mailed there


def _mailbox(row, address):
    try:
        return exodrive.mailboxes.canonical(address)
    except ValidationError:
        log.warning("%s %s has no usable address", row._meta.db_table, row.pk)
        return NOWHERE.format(row)


def normalise(apps, schema_editor):
    """Fill `mailbox`; customers whose addresses are one mailbox become one; a booking's customer has its mailbox."""
    Booking, Customer = apps.get_model("bookings", "Booking"), apps.get_model("bookings", "Customer")
    plain = {"email__regex": r"^[\x01-\x7f]*$"}
    Booking.objects.filter(**plain).update(mailbox=Lower("email"))
    for booking in Booking.objects.exclude(mailbox__regex=CANONICAL).iterator():
        Booking.objects.filter(pk=booking.pk).update(mailbox=_mailbox(booking, booking.email))
    for customer in Customer.objects.exclude(email__regex=CANONICAL):
        mailbox = _mailbox(customer, customer.email)
        if twin := Customer.objects.filter(email=mailbox).first():
            log.warning("customers %s and %s are one mailbox and become one", twin.pk, customer.pk)
            Booking.objects.filter(customer=customer).update(customer=twin)
            customer.delete()
        else:
            Customer.objects.filter(pk=customer.pk).update(email=mailbox)
    for booking in Booking.objects.exclude(mailbox=F("customer__email")).filter(erased_at=None):
        log.warning("booking %s was filed under the customer of another mailbox", booking.reference)
        named = {"full_name": booking.full_name, "phone": booking.phone}
        booking.customer = Customer.objects.get_or_create(email=booking.mailbox, defaults=named)[0]
        booking.save(update_fields=["customer"])
    for request in apps.get_model("bookings", "DataRequest").objects.select_related("booking"):
        request.mailbox = request.booking.mailbox
        request.save(update_fields=["mailbox"])


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0016_what_a_booking_can_hold"),
        ("cars", "0004_seasons_have_a_price"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="customer",
            name="customer_email_in_lower_case",
        ),
        migrations.AddField(
            model_name="booking",
            name="mailbox",
            field=models.CharField(
                default="",
                editable=False,
                max_length=254,
                verbose_name="mailbox",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="datarequest",
            name="mailbox",
            field=models.CharField(
                default="",
                help_text="Where the link is mailed; whose data it is about.",
                max_length=254,
                verbose_name="mailbox",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(normalise, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="booking",
            name="email",
            field=models.CharField(
                max_length=254, validators=[exodrive.mailboxes.validate_mailbox], verbose_name="email"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(models.F("mailbox"), name="bookings_of_a_mailbox"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("mailbox__regex", CANONICAL)), name="booking_has_a_mailbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("email__regex", "^[\\x01-\\x7f]*$"),
                        django.db.models.lookups.Regex(
                            django.db.models.functions.text.Lower("email"), CANONICAL
                        ),
                        _negated=True,
                    ),
                    ("mailbox", django.db.models.functions.text.Lower("email")),
                    _connector="OR",
                ),
                name="mailbox_is_the_one_shown",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("email__regex", CANONICAL)), name="customer_has_a_mailbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("mailbox__regex", CANONICAL)), name="data_request_has_a_mailbox"
            ),
        ),
    ]
