"""A booking made while its customer is erased gets a new customer.

`upsert_customer` found the old one without locking it: when the erasure was committed a moment later, the booking hung on
an erased customer, and no retention would ever have looked at it. The lock is the one that the foreign key takes anyway.
"""

from importlib import import_module

from django.db import migrations

before = import_module("bookings.migrations.0003_public_functions").UPSERT_CUSTOMER.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

UPSERT_CUSTOMER = """
CREATE OR REPLACE FUNCTION upsert_customer(p_email text, p_full_name text, p_phone text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found uuid;
BEGIN
  LOOP
    INSERT INTO customers (id, email, full_name, phone)
    VALUES (gen_random_uuid(), lower(p_email), p_full_name, p_phone)
    ON CONFLICT (email) DO NOTHING
    RETURNING id INTO found;
    EXIT WHEN found IS NOT NULL;
    SELECT id INTO found FROM customers WHERE email = lower(p_email) FOR KEY SHARE;
    EXIT WHEN found IS NOT NULL;
  END LOOP;
  RETURN found;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_mailboxes_confirm")]
    operations = [migrations.RunSQL(UPSERT_CUSTOMER, before)]
