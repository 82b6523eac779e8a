"""Every column of the database, with what is personal in it, whether a person's copy has it, and how it goes.

A new table or column that stands in neither list fails a test: decide, write it down, and teach `data_of_mailbox()` and
`erase_mailbox()` about it.
"""

# (in the copy, how it goes)
REPLACED = (True, "replaced by a value that names nobody")
EMPTIED = (True, "emptied")
ROW = (True, "the row is deleted")
SECRET = (False, "a secret, never given away; replaced or deleted")
CODE = (False, "sent to the mailbox itself, before anything was booked; the row is deleted after a day")
MADE = (False, "made of the columns beside it by the database, and made again when they are replaced")
STAFF_ONLY = (False, "about staff or a program, not the customer; emptied where it names the customer")
KEYED = (False, "a keyed hash, which outlives the person; deleted after settings.DO_NOT_RENT_YEARS")
HASHED = (True, "emptied where it names the customer; deleted with its hashes")
PERSONAL = {
    "customers": {"email": REPLACED, "full_name": REPLACED, "phone": EMPTIED, "user_id": SECRET},
    "bookings": {
        "full_name": REPLACED,
        "email": REPLACED,
        "mailbox": REPLACED,
        "phone": EMPTIED,
        "special_requests": EMPTIED,
        "delivery_address": EMPTIED,
        "driver_age": EMPTIED,
        "return_note": EMPTIED,
        "quote": (True, "what was paid for stays; why staff put a line there goes"),
        "pickup_note": EMPTIED,
        "search_text": MADE,
    },
    "rides": {"from_text": EMPTIED, "to_text": EMPTIED, "flight_number": EMPTIED, "sign_name": EMPTIED},
    "booking_notes": {"text": REPLACED},
    "booking_status_changes": {"reason": REPLACED},
    "booking_changes": {"reason": REPLACED},
    "booking_secure_tokens": {
        "nonce": SECRET,
        "token_hash": SECRET,
        "opened": EMPTIED,
        "last_opened_at": EMPTIED,
        "pin_salt": SECRET,
        "pin_hash": SECRET,
        "pin_failures": SECRET,
        "pin_next_try_at": SECRET,
    },
    "booking_proofs": {
        "visitor": SECRET,
        "network": SECRET,
        "nonce": SECRET,
        "token_hash": SECRET,
    },
    "mailbox_codes": {"mailbox": CODE, "visitor": SECRET, "code": SECRET},
    "holds": {"visitor": SECRET, "network": SECRET, "nonce": SECRET, "token_hash": SECRET},
    "idempotency_keys": {"scope": ROW, "key": ROW, "fingerprint": SECRET},
    "inbox_emails": {"recipient": EMPTIED, "error": EMPTIED, "message_id": EMPTIED},
    "inbox_triage": {"follow_up_note": REPLACED},
    "saved_filters": {"name": STAFF_ONLY, "asked": STAFF_ONLY},
    "mail_events": {"event_id": ROW, "message_id": ROW},
    "do_not_rent": {"reason": HASHED, "mailbox_hash": KEYED, "phone_hash": KEYED},
    "data_requests": {"mailbox": REPLACED, "nonce": SECRET, "token_hash": SECRET},
    "payments": {"next_url": SECRET},
    "payment_operations": {"reason": REPLACED},
    "refunds": {"reason": REPLACED},
    "provider_events": {"body": EMPTIED},
    "blocked_dates": {"note": STAFF_ONLY},
    "block_events": {"reason": STAFF_ONLY},
    "django_admin_log": {"object_repr": STAFF_ONLY, "change_message": STAFF_ONLY},
}
# Nothing about customers: ids, days, money, statuses, times; the fleet and its prices; staff and programs.
IMPERSONAL = {
    "customers": "created_at updated_at id erased_at",
    "bookings": "created_at updated_at id reference kind car_id customer_id start_date end_date pickup_time return_time "
    "buffer_days status status_changed_at payment_status payment_method terms total deposit currency language "
    "source dates_chosen_at delivery handed_over_at returned_at return_odometer_km return_fuel_eighths return_damage "
    "out_from pickup_odometer_km pickup_fuel_eighths licence_seen deposit_taken "
    "erased_at outcome kept_until paid refunded forgiven pay_until deposit_status deposit_until deposit_kept",
    "payments": "created_at updated_at id booking_id purpose kind provider means state amount currency authorized "
    "captured refunded refunding voided ref refs next_until due_at expires_at honor_until failure problem looked_at",
    "payment_operations": "created_at updated_at id payment_id refund_id kind request_id outcome amount authorized "
    "captured refunded voided code actor_kind actor_id finished_at",
    "refunds": "created_at updated_at id payment_id amount state ref goodwill external failure tried_at",
    "provider_events": "created_at updated_at id provider event_id type payment_id_sent refs state attempts due_at error "
    "payment_id",
    # What a provider would keep elsewhere: the description names a car and a reference, no person.
    "sandbox_orders": "created_at updated_at id payment_id_sent kind amount currency description state captured voided "
    "failure refunds requests return_url cancel_url expires_at honor_until",
    "booking_notes": "id created_at updated_at booking_id author_id",
    "booking_status_changes": "id created_at updated_at booking_id from_status to_status actor_kind actor_id at",
    "booking_changes": "created_at updated_at id booking_id actor_kind actor_id before after difference",
    "booking_events": "id created_at updated_at booking_id kind actor_kind actor_id",
    "do_not_rent": "id created_at updated_at decided_by_id lifted_at lifted_by_id",
    "booking_secure_tokens": "created_at updated_at id booking_id expires_at",
    "booking_proofs": "created_at updated_at id booking_id due_at proven_at how corrections",
    "mailbox_codes": "created_at updated_at id language tries expires_at confirmed_at",
    "booking_locations": "created_at updated_at id booking_id kind location_id",
    "booking_segments": "created_at updated_at id booking_id car_id car_name start_date end_date pickup_odometer_km "
    "pickup_fuel_eighths return_odometer_km return_fuel_eighths",
    "booking_extras": "id created_at updated_at booking_id extra_id quantity start_date end_date",
    "extra_days": "id created_at updated_at extra_id date taken",
    "holds": "created_at updated_at id car_id start_date end_date buffer_days expires_at extended_at booking_id "
    "dates_chosen_at source since code_id quote starts_at ends_at before_minutes after_minutes service_id car_class_id "
    "choice departure_id seats",
    "rides": "created_at updated_at id booking_id service_id car_class_id given_car starts_at ends_at before_minutes "
    "after_minutes from_place_id to_place_id passengers children bags distance_km driver_name departure_id seats",
    "tour_departures": "id created_at updated_at tour_id car_id starts_at ends_at before_minutes after_minutes capacity "
    "cutoff_minutes language status",
    "departure_seats": "id created_at updated_at departure_id seat booking_id hold_id expires_at",
    "vehicle_assignments": "created_at updated_at id car_id date day_status starts_at ends_at before_minutes "
    "after_minutes booking_id hold_id block_id departure_id expires_at",
    "ledger_changes": "id created_at updated_at car_id xid",
    "car_availability": "id created_at updated_at car_id date status booking_id hold_id block_id expires_at",
    "blocked_dates": "id created_at updated_at car_id start_date end_date kind created_by_id starts_at ends_at "
    "before_minutes after_minutes",
    "block_events": "id created_at updated_at car_id start_date end_date kind actor_id",
    "idempotency_keys": "id created_at updated_at http_status booking_id expires_at",
    "inbox_items": "created_at updated_at id booking_id kind status done_at done_by_id",
    "inbox_triage": "id created_at updated_at booking_id assigned_to_id snoozed_until follow_up_on",
    "saved_filters": "id created_at updated_at user_id shared",
    "inbox_emails": "created_at updated_at id booking_id code_id audience template language status attempts due_at "
    "claimed_at sent_at delivery delivery_at payment_id",
    "mail_events": "id created_at updated_at kind at",
    "data_requests": "created_at updated_at id booking_id kind outcome asked_at expires_at confirmed_at",
    "users": "id password last_login is_superuser created_at updated_at email full_name is_active is_staff",
    "users_groups": "id user_id group_id",
    "users_user_permissions": "id user_id permission_id",
    "api_tokens": "id created_at updated_at user_id name hint token_hash scopes expires_at last_used_at "
    "revoked_at",
    "security_events": "id created_at updated_at kind user_id actor_id booking_id network detail",
    "job_runs": "id created_at updated_at name started_at finished_at ok count error",
    "heartbeats": "created_at updated_at name started_at beat_at",
    "event_counts": "created_at updated_at id name code count",
    "agencies": "id created_at updated_at name slug",
    "locations": "id created_at updated_at agency_id name slug address latitude longitude time_zone phone",
    "location_hours": "id created_at updated_at location_id weekday opens closes",
    "closed_days": "id created_at updated_at location_id date every_year name",
    "fleets": "id created_at updated_at name min_days max_days buffer_days horizon_days lead_time_hours cut_off_hour "
    "pickup_weekdays dropoff_weekdays",
    "cars": "id created_at updated_at location_id make model slug year seats doors gearbox fuel power_kw plate status "
    "daily_rate weekend_rate deposit included_km_per_day excess_km_price minimum_age fleet_id min_days max_days "
    "buffer_days horizon_days lead_time_hours cut_off_hour pickup_weekdays dropoff_weekdays description "
    "service_due_km service_due_on service_every_km service_every_months description_es description_fr description_pt "
    "search_text car_class_id",
    "car_images": "id created_at updated_at car_id art file alt alt_es alt_fr alt_pt position",
    "rental_terms": "id created_at updated_at fleet_id car_id kind words words_es words_fr words_pt",
    "seasons": "id created_at updated_at name name_es name_fr name_pt car_id start_date end_date priority rate percent",
    "discounts": "id created_at updated_at name name_es name_fr name_pt car_id min_days percent",
    "fees": "id created_at updated_at name name_es name_fr name_pt kind car_id location_id amount per below_age",
    "extras": "id created_at updated_at name name_es name_fr name_pt location_id price per stock max_per_booking "
    "is_offered about",
    "catalogue_versions": "version created_at updated_at",
    "car_classes": "id created_at updated_at name name_es name_fr name_pt position passengers bags",
    "zones": "id created_at updated_at name name_es name_fr name_pt",
    "places": "id created_at updated_at name name_es name_fr name_pt zone_id slug kind latitude longitude radius_km "
    "wait_minutes",
    "services": "id created_at updated_at name name_es name_fr name_pt kind slug location_id with_driver is_offered "
    "tax_rate deposit description description_es description_fr description_pt unit_minutes min_minutes max_minutes "
    "step_minutes quick_minutes before_minutes after_minutes lead_time_minutes horizon_days free_cancel_hours "
    "cancel_until_minutes",
    "service_hours": "id created_at updated_at service_id weekday opens closes",
    "ride_rates": "id created_at updated_at service_id service_kind car_class_id basis from_place_id to_place_id "
    "from_zone_id to_zone_id both_ways to_km minutes amount child_amount day_cap included_km_per_hour excess_km_price",
    "surcharges": "id created_at updated_at name name_es name_fr name_pt service_id kind car_class_id place_id percent "
    "amount per from_time to_time weekdays first_day last_day every_year notice_minutes",
    "tours": "id created_at updated_at service_id service_kind duration_minutes meeting_place_id languages "
    "default_capacity min_passengers",
    "django_admin_log": "id action_time user_id content_type_id object_id action_flag",
    "otp_totp_totpdevice": "id user_id name confirmed throttling_failure_timestamp throttling_failure_count created_at "
    "last_used_at key step t0 digits tolerance drift last_t",
    "otp_static_staticdevice": "id user_id name confirmed throttling_failure_timestamp throttling_failure_count "
    "created_at last_used_at",
    "otp_static_statictoken": "id device_id token",
    "django_content_type": "id app_label model",
    "django_migrations": "id app name applied",
    "django_session": "session_key session_data expire_date",
    "auth_permission": "id name content_type_id codename",
    "auth_group": "id name",
    "auth_group_permissions": "id group_id permission_id",
}
