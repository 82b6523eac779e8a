"""Classes, zones and places in the Django admin: what several services of rides share."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext as _

from cars.models import Car, CarClass, Place, Zone
from exodrive.staff.admin_site import AdminForm, ByManagers

NAMES: list[Any] = ["name", ("name_es", "name_fr", "name_pt")]
SHOWN = 20


class ClassForm(AdminForm):
    """A class promises what each of its cars has."""

    class Meta:
        model = CarClass
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """Raise for cars that have fewer seats than the class promises."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        promised = cleaned.get("passengers")
        if self.instance.pk and promised is not None:
            small = Car.objects.filter(car_class=self.instance, seats__lt=promised)
            if names := [car.label for car in small[:SHOWN]]:
                words = _("These cars of the class have fewer seats: %(cars)s.")
                self.add_error("passengers", words % {"cars": ", ".join(names)})
        return cleaned


@admin.register(CarClass)
class CarClassAdmin(ByManagers, admin.ModelAdmin):
    """Cars that replace each other on rides. Which they are stands on the page of each car."""

    form = ClassForm
    list_display = ["name", "position", "passengers", "bags"]
    fields = [*NAMES, "position", ("passengers", "bags")]


@admin.register(Zone)
class ZoneAdmin(ByManagers, admin.ModelAdmin):
    """Places that share a price."""

    list_display = ["name"]
    fields = NAMES


@admin.register(Place)
class PlaceAdmin(ByManagers, admin.ModelAdmin):
    """Where rides begin and end."""

    list_display = ["name", "kind", "zone", "wait"]
    list_select_related = ["zone"]
    list_filter = ["kind", "zone"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fields = [*NAMES, "slug", ("kind", "zone"), ("latitude", "longitude"), ("radius_km", "wait_minutes")]

    @admin.display(description=Place._meta.get_field("wait_minutes").verbose_name, ordering="wait_minutes")
    def wait(self, place: Place) -> int:
        """Its own, else what is usual at such places."""
        return place.wait
