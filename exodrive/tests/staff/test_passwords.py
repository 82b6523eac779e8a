"""What a password of staff must be."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from exodrive.models import User

INES = User(email="ines.duarte@example.com", full_name="Inès Duarte")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("rain-on-ti", "password_too_short"),
        ("rain-on-tin", "password_too_short"),
        ("q1w2e3r4t5y6", "password_too_common"),
        ("ines.duarte@example", "password_too_similar"),
        ("739164028537", "password_entirely_numeric"),
    ],
)
def test_short_common_and_guessable_ones_are_refused(password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, INES)
    assert code in [error.code for error in refused.value.error_list]


def test_twelve_characters_that_nobody_else_uses_will_do():
    validate_password("rain-on-tins", INES)
