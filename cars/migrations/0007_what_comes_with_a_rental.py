import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0006_room_for_every_amount"),
    ]

    operations = [
        migrations.AddField(
            model_name="extra",
            name="about",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                choices=[
                    ("insurance", "Insurance and its excess"),
                    ("roadside", "Roadside help"),
                    ("second_driver", "Second driver"),
                    ("fuel", "Fuel or charge"),
                    ("licence", "Driving licence"),
                    ("borders", "Other countries"),
                ],
                help_text="What of the rental terms it adds to: their words for the car stand beside it.",
                max_length=13,
                verbose_name="goes beyond",
            ),
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("insurance", "Insurance and its excess"),
                            ("roadside", "Roadside help"),
                            ("second_driver", "Second driver"),
                            ("fuel", "Fuel or charge"),
                            ("licence", "Driving licence"),
                            ("borders", "Other countries"),
                        ],
                        max_length=13,
                        verbose_name="kind",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="Empty on a car: it has none of this.",
                        max_length=200,
                        verbose_name="text",
                    ),
                ),
                ("words_es", models.CharField(blank=True, max_length=200, verbose_name="text (Spanish)")),
                ("words_fr", models.CharField(blank=True, max_length=200, verbose_name="text (French)")),
                ("words_pt", models.CharField(blank=True, max_length=200, verbose_name="text (Portuguese)")),
                (
                    "car",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
                (
                    "fleet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="cars.fleet",
                        verbose_name="fleet",
                    ),
                ),
            ],
            options={
                "verbose_name": "rental term",
                "verbose_name_plural": "rental terms",
                "db_table": "rental_terms",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fleet", "kind"),
                        name="one_term_of_a_kind_per_fleet",
                        violation_error_message="There is a text of this kind already.",
                    ),
                    models.UniqueConstraint(
                        fields=("car", "kind"),
                        name="one_term_of_a_kind_per_car",
                        violation_error_message="There is a text of this kind already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("car__isnull", False), ("fleet", None)),
                            models.Q(("car", None), ("fleet__isnull", False)),
                            _connector="OR",
                        ),
                        name="term_of_a_fleet_or_of_a_car",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words__gt", ""), ("car__isnull", False), _connector="OR"),
                        name="term_of_a_fleet_says_something",
                        violation_error_message="Write the text.",
                    ),
                ],
            },
        ),
    ]
