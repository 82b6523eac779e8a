"""Photos that managers upload are shown; what is no photo is refused."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from PIL import Image

from bookings.tests.support.factories import CarFactory, make_manager
from bookings.tests.support.photos import photo
from cars.models import CarImage
from cars.models.photos import KEPT_BYTES, SIDE, drawn_anew, sizes_of
from exodrive.rls import LOGIN, acting_as, as_owner

pytestmark = pytest.mark.django_db


def picture(kind):
    content = BytesIO()
    Image.new("RGB", (840, 525), "darkgreen").save(content, kind)
    return content.getvalue()


def bomb():
    """48 million pixels in some kilobytes."""
    content = BytesIO()
    Image.new("1", (8000, 6000)).save(content, "PNG")
    return content.getvalue()


def taken_by_a_telephone(**options):
    exif = Image.Exif()
    exif[274] = 6  # lies on its side
    exif[315] = "Marta Silva"
    content = BytesIO()
    Image.new("RGB", (80, 50), "darkgreen").save(
        content, "JPEG", exif=exif, comment=b"45.76 N 4.83 E", **options
    )
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
        "terms-TOTAL_FORMS": 0,
        "terms-INITIAL_FORMS": 0,
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
    shown = Image.open(BytesIO(b"".join(photo.streaming_content)))
    assert (shown.format, shown.size) == ("WEBP", (840, 525))
    assert "immutable" in photo["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"<script>"),
        ("a.jpg", picture("GIF")),
        ("a.jpg", picture("JPEG")[:100]),
        ("a.png", bomb()),
        ("a.html", picture("PNG")),
    ],
)
def test_what_is_no_photo_is_refused(settings, tmp_path, name, content):
    _car, refused = upload(settings, tmp_path, name, content)
    assert refused.status_code == 200
    with as_owner():
        assert CarImage.objects.count() == 0
    assert not list(tmp_path.rglob("*.*"))


def test_a_photo_is_kept_in_the_sizes_that_pages_offer(settings, tmp_path, client):
    car, saved = upload(settings, tmp_path, "a.jpg", photo(size=(1500, 900)).read())
    assert saved.status_code == 302
    with as_owner():
        image = CarImage.objects.get()
    offered = [size.split(" ") for size in image.srcset.split(", ")]
    assert [width for _url, width in offered] == ["414w", "828w", "1240w", "1500w"]
    assert f'srcset="{image.srcset}"' in client.get(f"/en/cars/{car.slug}/").content.decode()
    assert offered[-1][0] == image.url
    for url, width in offered:
        shown = Image.open(BytesIO(b"".join(client.get(url).streaming_content)))
        assert f"{shown.width}w" == width
        assert shown.height == pytest.approx(shown.width * 0.6, abs=1)
        assert not shown.getexif()


@pytest.mark.parametrize(("size", "taken"), [((827, 900), False), ((828, 500), True)])
def test_a_photo_that_would_be_blurred_is_refused_in_words(settings, tmp_path, size, taken):
    _car, answer = upload(settings, tmp_path, "a.jpg", photo(size=size).read())
    assert (answer.status_code == 302) == taken
    if not taken:
        assert "it is 827 pixels wide and should be 828 at least" in answer.content.decode()
        assert not list(tmp_path.rglob("*.webp"))


def test_a_drawing_comes_in_one_size():
    assert CarImage(art="calder-gt").srcset == ""


@pytest.mark.parametrize("path", ["none.jpg", "../cars/none.jpg", "..%2f..%2fsettings.py", ""])
def test_nothing_else_is_served(client, path):
    assert client.get(f"/media/cars/{path}").status_code in (400, 404)


def test_nothing_but_the_picture_is_kept():
    kept = drawn_anew(
        SimpleUploadedFile("Marta at home.jpg", taken_by_a_telephone(icc_profile=b"secret" * 100))
    )
    shown = Image.open(kept)
    assert (shown.size, shown.format, shown.info.keys() & {"exif", "icc_profile", "comment", "xmp"}) == (
        (50, 80),
        "WEBP",
        set(),
    )
    kept.seek(0)
    content = kept.read()
    assert not [word for word in (b"Marta", b"45.76", b"secret") if word in content]
    assert sizes_of(kept.name)


def test_however_large_and_rich_it_is_kept_small():
    content = BytesIO()
    Image.effect_noise((3000, 2000), 200).convert("RGB").save(content, "JPEG")
    kept = drawn_anew(SimpleUploadedFile("noise.jpg", content.getvalue()))
    assert kept.size <= KEPT_BYTES
    assert max(Image.open(kept).size) <= SIDE


def test_too_many_bytes_are_not_even_opened():
    with pytest.raises(ValidationError, match="at most 15 MB"):
        drawn_anew(SimpleUploadedFile("a.jpg", b"x" * 15_000_001))


def test_what_comes_in_past_the_admin_is_drawn_anew_as_well(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    car = CarFactory()
    with as_owner():
        image = CarImage.objects.create(
            car=car, file=SimpleUploadedFile("a.jpg", taken_by_a_telephone()), alt="x"
        )
        name = image.file.name
        image.save()
    assert sizes_of(name)
    assert image.file.name == name, "once"


def test_photos_from_before_are_drawn_anew_by_a_command(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "cars").mkdir()
    (tmp_path / "cars" / "old.jpg").write_bytes(taken_by_a_telephone())
    (tmp_path / "cars" / "broken.jpg").write_bytes(b"<script>")
    with as_owner():
        old, broken = (
            CarImage.objects.create(car=CarFactory(), file=f"cars/{name}.jpg", alt="x")
            for name in ("old", "broken")
        )
    said, complaints = StringIO(), StringIO()
    for _ in range(2):
        call_command("redraw_photos", stdout=said, stderr=complaints)
    with as_owner():
        old.refresh_from_db()
    assert sizes_of(old.file.name)
    assert said.getvalue().split("\n")[:2] == ["1 photos drawn anew.", "0 photos drawn anew."]
    assert complaints.getvalue().startswith("cars/broken.jpg: ")
    assert sorted(path.name for path in (tmp_path / "cars").iterdir()) == sorted(
        ["broken.jpg", Path(old.file.name).name]
    )
    assert broken.pk
