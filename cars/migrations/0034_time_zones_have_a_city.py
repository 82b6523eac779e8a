"""Zones of one word become the city that they stand for (the links of the IANA database, 2024b). PostgreSQL reads such words
as abbreviations of a fixed offset."""

from django.db import migrations

CITIES = {
    **dict.fromkeys(
        ["UTC", "UCT", "GMT", "GMT+0", "GMT-0", "GMT0", "Greenwich", "Universal", "Zulu"], "Etc/UTC"
    ),
    **dict.fromkeys(["CET", "MET"], "Europe/Brussels"),
    "EET": "Europe/Athens",
    "WET": "Europe/Lisbon",
    "EST": "America/Panama",
    "MST": "America/Phoenix",
    "HST": "Pacific/Honolulu",
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
    "Cuba": "America/Havana",
    "Egypt": "Africa/Cairo",
    "Eire": "Europe/Dublin",
    "GB": "Europe/London",
    "GB-Eire": "Europe/London",
    "Hongkong": "Asia/Hong_Kong",
    "Iceland": "Atlantic/Reykjavik",
    "Iran": "Asia/Tehran",
    "Israel": "Asia/Jerusalem",
    "Jamaica": "America/Jamaica",
    "Japan": "Asia/Tokyo",
    "Kwajalein": "Pacific/Kwajalein",
    "Libya": "Africa/Tripoli",
    "NZ": "Pacific/Auckland",
    "NZ-CHAT": "Pacific/Chatham",
    "Navajo": "America/Denver",
    "PRC": "Asia/Shanghai",
    "Poland": "Europe/Warsaw",
    "Portugal": "Europe/Lisbon",
    "ROC": "Asia/Taipei",
    "ROK": "Asia/Seoul",
    "Singapore": "Asia/Singapore",
    "Turkey": "Europe/Istanbul",
    "W-SU": "Europe/Moscow",
}


def name_the_city(apps, schema_editor):
    """Raises for a zone that is none of these: somebody has to say where that place is."""
    places = apps.get_model("cars", "Location").objects
    for word, city in CITIES.items():
        places.filter(time_zone=word).update(time_zone=city)
    rest = places.exclude(time_zone__regex=r"^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}$")
    if found := ", ".join(f"{place.slug} ({place.time_zone})" for place in rest.order_by("pk")):
        raise ValueError(f"Give these locations a time zone like Europe/Paris, then migrate again: {found}")


class Migration(migrations.Migration):
    dependencies = [("cars", "0008_terms_that_pages_promised")]

    operations = [migrations.RunPython(name_the_city, migrations.RunPython.noop)]
