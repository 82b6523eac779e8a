"""Photos that managers upload are shown; what is no photo is refused."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bookings.tests.support.factories import CarFactory, make_manager
from cars.models import CarImage
from exodrive.rls import LOGIN, acting_as, as_owner

pytestmark = pytest.mark.django_db


def picture(kind):
    content = BytesIO()
    Image.new("RGB", (8, 5), "darkgreen").save(content, kind)
    return content.getvalue()


def upload(settings, tmp_path, name, content):
    settings.MEDIA_ROOT = tmp_path
    car = CarFactory()
    manager = Client()
    with acting_as(LOGIN):
        manager.force_login(make_manager())
    url = f"/admin/cars/car/{car.pk}/change/"
    form = manager.get(url).context["adminform"].form
    data = {key: value for key, value in form.initial.items() if value is not None}
    data |= {"pickup_weekdays": [], "dropoff_weekdays": []}
    data |= {
        "images-TOTAL_FORMS": 1,
        "images-INITIAL_FORMS": 0,
        "images-0-file": SimpleUploadedFile(name, content),
        "images-0-alt": "Calder GT in the yard",
        "images-0-position": 0,
    }
    return car, manager.post(url, data)


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("b.png", "PNG"), ("c.webp", "WEBP")])
def test_an_uploaded_photo_is_on_the_cars_page(settings, tmp_path, client, name, kind):
    car, saved = upload(settings, tmp_path, name, picture(kind))
    assert saved.status_code == 302
    with as_owner():
        image = CarImage.objects.get()
    assert image.url in client.get(f"/en/cars/{car.slug}/").content.decode()
    photo = client.get(image.url)
    assert (photo.status_code, photo["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(photo.streaming_content) == picture(kind)
    assert "immutable" in photo["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"<script>"),
        ("a.html", picture("PNG")),
    ],
)
def test_what_is_no_photo_is_refused(settings, tmp_path, name, content):
    _car, refused = upload(settings, tmp_path, name, content)
    assert refused.status_code == 200
    with as_owner():
        assert CarImage.objects.count() == 0
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("path", ["none.jpg", "../cars/none.jpg", "..%2f..%2fsettings.py", ""])
def test_nothing_else_is_served(client, path):
    assert client.get(f"/media/cars/{path}").status_code in (400, 404)
