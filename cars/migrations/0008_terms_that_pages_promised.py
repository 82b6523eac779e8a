"""What the pages said of every car until now, kept as the words of each fleet, so that nobody's promise is lost."""

from django.db import migrations

SAID = [
    (
        "insurance",
        "Full insurance",
        "Seguro a todo riesgo",
        "Assurance tous risques",
        "Seguro contra todos os riscos",
    ),
    (
        "roadside",
        "24-hour roadside help",
        "Asistencia en carretera 24 horas",
        "Assistance routière 24 h/24",
        "Assistência em viagem 24 horas",
    ),
    (
        "second_driver",
        "A second driver is free of charge and shows the same documents.",
        "El segundo conductor no tiene coste y presenta los mismos documentos.",
        "Un deuxième conducteur est sans supplément et présente les mêmes documents.",
        "O segundo condutor não tem custo e apresenta os mesmos documentos.",
    ),
    (
        "fuel",
        "Bring the car back with the same amount of fuel or charge.",
        "Devuelva el coche con la misma cantidad de combustible o de carga.",
        "Rendez la voiture avec la même quantité de carburant ou la même charge.",
        "Devolva o carro com a mesma quantidade de combustível ou carga.",
    ),
    (
        "licence",
        "A full licence, held for 3 years",
        "Carnet desde hace 3 años",
        "Permis depuis 3 ans",
        "Carta há 3 anos",
    ),
]


def keep(apps, schema_editor):
    Term = apps.get_model("cars", "Term")
    for fleet in apps.get_model("cars", "Fleet").objects.all():
        for kind, en, es, fr, pt in SAID:
            Term.objects.get_or_create(
                fleet=fleet,
                kind=kind,
                defaults={"words": en, "words_es": es, "words_fr": fr, "words_pt": pt},
            )


class Migration(migrations.Migration):
    dependencies = [("cars", "0007_what_comes_with_a_rental")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
