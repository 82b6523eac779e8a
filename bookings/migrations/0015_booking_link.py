"""The model's name says what it is; its table stays `booking_secure_tokens`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0014_nobody_stops_being_public")]
    operations = [migrations.RenameModel("BookingToken", "BookingLink")]
