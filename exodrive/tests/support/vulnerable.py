"""Addresses with a hole on purpose: SQL made from what the visitor typed. Only tests use this URLconf."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from exodrive.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def cars_by_name(request: HttpRequest, token: str = "") -> JsonResponse:
    """Never write a query like this."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT model FROM cars WHERE model = '{request.GET['q']}'")
        except DatabaseError as error:
            return JsonResponse({"error": str(error)}, status=400)
        rows = []
        while True:
            if cursor.description:
                rows += [[str(value) for value in row] for row in cursor.fetchall()]
            if not cursor.nextset():
                return JsonResponse({"rows": rows})


urlpatterns = [path("hole/", cars_by_name), *urlpatterns]
