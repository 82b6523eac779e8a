"""Names and descriptions of the demo's rides, in the four languages of the site. Data only."""

from exodrive.dev.demo.texts import Texts


def same(name: str) -> Texts:
    """A name that is the same everywhere."""
    return Texts(name, name, name, name)


COMFORT = Texts("Comfort", "Confort", "Confort", "Conforto")
BUSINESS = same("Business")
OFFROAD = Texts("Off-road", "Todoterreno", "Tout-terrain", "Todo-o-terreno")
CLASSIC = Texts("Classic limousine", "Limusina clásica", "Limousine ancienne", "Limusina clássica")

LYON_AIRPORT_ZONE = Texts("Lyon airport", "Aeropuerto de Lyon", "Aéroport de Lyon", "Aeroporto de Lyon")
LYON_CENTRE = Texts("Lyon centre", "Centro de Lyon", "Lyon centre", "Centro de Lyon")
LYON_AROUND = Texts("Around Lyon", "Alrededores de Lyon", "Environs de Lyon", "Arredores de Lyon")
MADEIRA_AIRPORT_ZONE = Texts(
    "Madeira airport", "Aeropuerto de Madeira", "Aéroport de Madère", "Aeroporto da Madeira"
)
FUNCHAL_TOWN = same("Funchal")
MADEIRA_WEST = Texts("West of Madeira", "Oeste de Madeira", "Ouest de Madère", "Oeste da Madeira")

SAINT_EXUPERY = Texts(
    "Lyon–Saint-Exupéry Airport (LYS)",
    "Aeropuerto de Lyon-Saint-Exupéry (LYS)",
    "Aéroport Lyon–Saint-Exupéry (LYS)",
    "Aeroporto de Lyon-Saint-Exupéry (LYS)",
)
PART_DIEU = Texts(
    "Lyon Part-Dieu station",
    "Estación de Lyon Part-Dieu",
    "Gare de Lyon-Part-Dieu",
    "Estação de Lyon Part-Dieu",
)
BELLECOUR = same("Place Bellecour")
VIEUX_LYON = same("Vieux Lyon")
VILLEFRANCHE = same("Villefranche-sur-Saône")
VIENNE = same("Vienne")
MADEIRA_AIRPORT = Texts(
    "Madeira Airport (FNC)",
    "Aeropuerto de Madeira (FNC)",
    "Aéroport de Madère (FNC)",
    "Aeroporto da Madeira (FNC)",
)
MARINA = Texts("Funchal Marina", "Puerto deportivo de Funchal", "Marina de Funchal", "Marina do Funchal")
LIDO = Texts(
    "Lido, hotel district", "Lido, zona hotelera", "Lido, quartier des hôtels", "Lido, zona hoteleira"
)
CALHETA = same("Calheta")

NIGHT = Texts("Night, 22:00–06:00", "Noche, 22:00–06:00", "Nuit, 22:00–06:00", "Noite, 22:00–06:00")
HOLIDAYS = Texts("Christmas and New Year", "Navidad y Año Nuevo", "Noël et Nouvel An", "Natal e Ano Novo")
SHORT_NOTICE = Texts(
    "Short notice", "Reserva de última hora", "Réservation tardive", "Reserva de última hora"
)
STOP = Texts("Extra stop", "Parada adicional", "Arrêt supplémentaire", "Paragem adicional")
WAITING = Texts("Waiting", "Espera", "Attente", "Espera")
AIRPORT_FEE = Texts("Airport access", "Acceso al aeropuerto", "Accès à l’aéroport", "Acesso ao aeroporto")

CHAUFFEUR = Texts("Chauffeur by the hour", "Chófer por horas", "Chauffeur à l’heure", "Motorista à hora")
CHAUFFEUR_ABOUT = Texts(
    "A car with its driver for as long as you need: meetings across town, an evening out, a day in the hills. "
    "20 km an hour are included.",
    "Un coche con su conductor el tiempo que necesite: reuniones por la ciudad, una noche fuera, un día en las colinas. "
    "Se incluyen 20 km por hora.",
    "Une voiture et son chauffeur le temps qu’il faut : rendez-vous en ville, soirée, journée dans les collines. "
    "20 km par heure sont compris.",
    "Um carro com motorista pelo tempo que precisar: reuniões na cidade, uma noite fora, um dia nas colinas. "
    "Estão incluídos 20 km por hora.",
)
LYON_TRANSFER = Texts(
    "Lyon airport transfer",
    "Traslado al aeropuerto de Lyon",
    "Transfert aéroport de Lyon",
    "Transfer do aeroporto de Lyon",
)
FUNCHAL_TRANSFER = Texts(
    "Madeira airport transfer",
    "Traslado al aeropuerto de Madeira",
    "Transfert aéroport de Madère",
    "Transfer do aeroporto da Madeira",
)
TRANSFER_ABOUT = Texts(
    "Your driver waits in arrivals with your name, an hour after landing included. "
    "One price for the car, known before you fly.",
    "Su conductor le espera en llegadas con su nombre, con una hora incluida tras el aterrizaje. "
    "Un precio por coche, conocido antes de volar.",
    "Votre chauffeur vous attend aux arrivées avec votre nom, une heure après l’atterrissage comprise. "
    "Un prix pour la voiture, connu avant le vol.",
    "O motorista espera nas chegadas com o seu nome, com uma hora incluída após a aterragem. "
    "Um preço pelo carro, conhecido antes de voar.",
)
OLD_LYON = Texts(
    "Old Lyon by classic limousine",
    "El viejo Lyon en limusina clásica",
    "Le Vieux Lyon en limousine ancienne",
    "A velha Lyon em limusina clássica",
)
OLD_LYON_ABOUT = Texts(
    "Two hours in a limousine of 1934: the quays, the silk weavers’ hill, Fourvière at the end of the day.",
    "Dos horas en una limusina de 1934: los muelles, la colina de los tejedores de seda, Fourvière al caer la tarde.",
    "Deux heures dans une limousine de 1934 : les quais, la colline des canuts, Fourvière en fin de journée.",
    "Duas horas numa limusina de 1934: os cais, a colina dos tecelões de seda, Fourvière ao fim do dia.",
)
BEAUJOLAIS = Texts(
    "Beaujolais villages", "Pueblos del Beaujolais", "Villages du Beaujolais", "Aldeias do Beaujolais"
)
BEAUJOLAIS_ABOUT = Texts(
    "Five hours between golden stone and vines, with two cellars on the way. Somebody else drives.",
    "Cinco horas entre piedra dorada y viñedos, con dos bodegas por el camino. Conduce otra persona.",
    "Cinq heures entre pierres dorées et vignes, deux caves en chemin. Quelqu’un d’autre conduit.",
    "Cinco horas entre pedra dourada e vinhas, com duas adegas pelo caminho. Outra pessoa conduz.",
)
SUNRISE = Texts(
    "Sunrise at Pico do Arieiro",
    "Amanecer en el Pico do Arieiro",
    "Lever du soleil au Pico do Arieiro",
    "Nascer do sol no Pico do Arieiro",
)
SUNRISE_ABOUT = Texts(
    "Up to 1,818 m before the day begins, above the clouds when it does; coffee on the way down.",
    "Subida a 1818 m antes de que empiece el día, sobre las nubes cuando llega; café en la bajada.",
    "Montée à 1 818 m avant le jour, au-dessus des nuages quand il se lève ; un café en redescendant.",
    "Subida a 1818 m antes de o dia começar, acima das nuvens quando nasce; café na descida.",
)
