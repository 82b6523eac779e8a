"""What the demo cars are like and what their pictures show, in the four languages of the site. Data only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in English, Spanish, French and Portuguese."""

    en: str
    es: str
    fr: str
    pt: str

    def fields(self, name: str) -> dict[str, str]:
        """Model fields: `name`, `name_es`, `name_fr`, `name_pt`."""
        return {name: self.en, f"{name}_es": self.es, f"{name}_fr": self.fr, f"{name}_pt": self.pt}

    def about(self, car: str) -> "Texts":
        """The texts with the car's name put in for `{car}`."""
        return Texts(*(text.format(car=car) for text in (self.en, self.es, self.fr, self.pt)))


DUSK = Texts(
    "{car} at dusk with its lights on",
    "{car} al anochecer, con las luces encendidas",
    "{car} au crépuscule, phares allumés",
    "{car} ao anoitecer, com os faróis acesos",
)
REAR = Texts(
    "{car}: rear light and rear wheel at dusk",
    "{car}: luz trasera y rueda trasera al anochecer",
    "{car} : feu et roue arrière au crépuscule",
    "{car}: farolim e roda traseira ao anoitecer",
)
DETAIL = Texts(
    "{car}: headlight and front wheel",
    "{car}: faro y rueda delantera",
    "{car} : phare et roue avant",
    "{car}: farol e roda dianteira",
)

DESCRIPTIONS = {
    "calder-gt-coupe": Texts(
        "A long-legged grand tourer with a quiet cabin and room for two weekend bags. "
        "Easy in town, happiest on a mountain road.",
        "Un gran turismo de largo aliento, con un habitáculo silencioso y sitio para dos bolsas de fin de semana. "
        "Dócil en la ciudad y feliz en una carretera de montaña.",
        "Une grande routière au souffle long, à l’habitacle feutré, avec de la place pour deux sacs de week-end. "
        "Facile en ville, à son meilleur sur une route de montagne.",
        "Um grande turismo de fôlego longo, com habitáculo silencioso e espaço para dois sacos de fim de semana. "
        "Dócil na cidade e feliz numa estrada de montanha.",
    ),
    "novara-4-estate": Texts(
        "Five seats, a boot that swallows skis or a pram, and a plug-in hybrid that does the city on electricity. "
        "The one to take when everybody comes along.",
        "Cinco plazas, un maletero en el que caben los esquís o el cochecito y un híbrido enchufable que recorre la "
        "ciudad en eléctrico. El coche para cuando vienen todos.",
        "Cinq places, un coffre qui avale les skis ou la poussette, et une hybride rechargeable qui traverse la ville "
        "à l’électricité. Celle qu’il faut quand tout le monde vient.",
        "Cinco lugares, uma bagageira onde cabem os esquis ou o carrinho de bebé e um híbrido plug-in que faz a cidade "
        "em modo elétrico. O carro para quando vai toda a gente.",
    ),
    "fjell-x-offroad": Texts(
        "Low range, two locking differentials and a roof rack with everything a campsite needs. "
        "It goes where the road stops, and is warm inside when you get there.",
        "Reductora, dos diferenciales bloqueables y una baca con todo lo que pide una acampada. "
        "Llega donde termina la carretera, y por dentro se está caliente.",
        "Gamme courte, deux blocages de différentiel et une galerie avec tout ce qu’il faut pour camper. "
        "Il va là où la route s’arrête, et il y fait chaud à l’arrivée.",
        "Redutoras, dois bloqueios de diferencial e uma grade de tejadilho com tudo o que um acampamento pede. "
        "Vai até onde a estrada acaba, e lá dentro está quente.",
    ),
    "voltane-arc": Texts(
        "740 kilowatts, a carbon shell and almost no sound. It reaches 100 km/h in 2.6 seconds; "
        "a handling lesson of half an hour at pick-up is part of the rental.",
        "740 kilovatios, carrocería de carbono y casi ningún ruido. Alcanza los 100 km/h en 2,6 segundos; "
        "el alquiler incluye media hora de instrucción al recogerlo.",
        "740 kilowatts, une coque en carbone et presque aucun bruit. Elle atteint 100 km/h en 2,6 secondes ; "
        "une demi-heure de prise en main au départ est comprise.",
        "740 quilowatts, carroçaria em carbono e quase nenhum ruído. Chega aos 100 km/h em 2,6 segundos; "
        "o aluguer inclui meia hora de instrução no levantamento.",
    ),
    "aldermoor-regent": Texts(
        "A 1934 limousine with facing seats, wool carpets and a spare wheel on each side. Made for weddings and for "
        "arriving slowly. We show you the crash gearbox before you leave.",
        "Una limusina de 1934 con asientos enfrentados, alfombras de lana y una rueda de repuesto a cada lado. Hecha "
        "para bodas y para llegar sin prisa. Le enseñamos la caja de cambios sin sincronizar antes de salir.",
        "Une limousine de 1934 aux sièges face à face, tapis de laine et une roue de secours de chaque côté. Faite "
        "pour les mariages et pour arriver lentement. Nous vous montrons la boîte non synchronisée avant le départ.",
        "Uma limusina de 1934 com bancos frente a frente, tapetes de lã e uma roda sobresselente de cada lado. Feita "
        "para casamentos e para chegar devagar. Mostramos-lhe a caixa não sincronizada antes de sair.",
    ),
    "kestra-rallye": Texts(
        "A 1987 group car made road legal: short gears, a loud exhaust and bucket seats with proper belts. "
        "It asks for a driver who likes to work, and pays back at every bend.",
        "Un coche de rally de 1987 homologado para la calle: marchas cortas, escape sonoro y asientos baquet con buenos "
        "cinturones. Pide un conductor con ganas y lo devuelve en cada curva.",
        "Une voiture de rallye de 1987 homologuée pour la route : rapports courts, échappement sonore et sièges baquets "
        "aux vraies ceintures. Elle demande du pilotage et le rend à chaque virage.",
        "Um carro de ralis de 1987 homologado para a estrada: mudanças curtas, escape sonoro e bancos desportivos com "
        "bons cintos. Pede um condutor com vontade e devolve-a em cada curva.",
    ),
    "corvane-8-saloon": Texts(
        "Silence, soft leather and a back seat with more room than most offices. "
        "It drives itself through traffic and leaves the interesting roads to you.",
        "Silencio, cuero suave y un asiento trasero más amplio que muchas oficinas. "
        "En los atascos conduce él; las carreteras interesantes se las deja a usted.",
        "Du silence, un cuir souple et une banquette plus spacieuse que bien des bureaux. "
        "Elle conduit seule dans les bouchons et vous laisse les belles routes.",
        "Silêncio, pele macia e um banco traseiro mais amplo do que muitos escritórios. "
        "No trânsito conduz sozinho; as estradas interessantes ficam para si.",
    ),
    "marisol-61-roadster": Texts(
        "Wire wheels, a wooden steering wheel and nothing between you and the sky. Restored in 2019, serviced after "
        "every rental. The hood keeps out a shower; the coast road is the point.",
        "Ruedas de radios, volante de madera y nada entre usted y el cielo. Restaurado en 2019 y revisado después de "
        "cada alquiler. La capota aguanta un chaparrón; lo suyo es la carretera de la costa.",
        "Roues à rayons, volant en bois et rien entre vous et le ciel. Restaurée en 2019, révisée après chaque "
        "location. La capote arrête une averse ; la route de la côte, c’est son affaire.",
        "Rodas de raios, volante de madeira e nada entre si e o céu. Restaurado em 2019 e revisto depois de cada "
        "aluguer. A capota aguenta um aguaceiro; a estrada da costa é a sua razão de ser.",
    ),
    "tern-breeze-cabriolet": Texts(
        "A small electric car with a folding roof, four seats and 300 km in its battery. "
        "It fits every parking space in the old town and charges while you have lunch.",
        "Un pequeño eléctrico con techo plegable, cuatro plazas y 300 km de autonomía. "
        "Cabe en cualquier hueco del casco antiguo y se carga mientras usted come.",
        "Une petite électrique au toit repliable, quatre places et 300 km d’autonomie. "
        "Elle se gare partout dans la vieille ville et se recharge pendant le déjeuner.",
        "Um pequeno elétrico de capota dobrável, quatro lugares e 300 km de autonomia. "
        "Cabe em qualquer lugar da zona velha e carrega enquanto almoça.",
    ),
    "marlow-7-camper": Texts(
        "Two double beds, one of them under the lifting roof, a gas hob, a fridge and a shower bag. "
        "Park above the sea, raise the roof, stay. Bedding and camping chairs are on board.",
        "Dos camas dobles, una de ellas bajo el techo elevable, cocina de gas, nevera y ducha portátil. "
        "Aparque sobre el mar, levante el techo y quédese. Lleva ropa de cama y sillas plegables.",
        "Deux lits doubles, dont un sous le toit relevable, un réchaud à gaz, un réfrigérateur et une douche portable. "
        "Garez-vous face à la mer, levez le toit, restez. Literie et chaises pliantes à bord.",
        "Duas camas de casal, uma delas sob o teto elevatório, fogão a gás, frigorífico e chuveiro portátil. "
        "Estacione sobre o mar, levante o teto e fique. Com roupa de cama e cadeiras de campismo a bordo.",
    ),
    "brannock-trail": Texts(
        "A double cab for five and a bed for surfboards, bikes or a market stall. Four-wheel drive, a tow hook for "
        "2.5 tonnes and rubber mats: bring it back dusty, that is fine.",
        "Doble cabina para cinco y una caja para tablas de surf, bicicletas o un puesto de mercado. Tracción total, "
        "gancho para 2,5 toneladas y alfombrillas de goma: devuélvala con polvo, no pasa nada.",
        "Une double cabine pour cinq et une benne pour planches de surf, vélos ou étal de marché. Quatre roues "
        "motrices, attelage de 2,5 tonnes et tapis en caoutchouc : rendez-le poussiéreux, ce n’est pas grave.",
        "Cabina dupla para cinco e uma caixa para pranchas de surf, bicicletas ou uma banca de mercado. Tração às "
        "quatro, gancho para 2,5 toneladas e tapetes de borracha: devolva-a com pó, não faz mal.",
    ),
    "hallam-s-shooting-brake": Texts(
        "The front of a sports car, the back of an estate: 290 kW, four seats and a flat floor for golf bags or a dog. "
        "Only 40 were built, and this one likes the road up to the levadas.",
        "Por delante un deportivo, por detrás un familiar: 290 kW, cuatro plazas y un suelo plano para los palos de golf "
        "o el perro. Solo se fabricaron 40, y a este le gusta subir hacia las levadas.",
        "L’avant d’une sportive, l’arrière d’un break : 290 kW, quatre places et un plancher plat pour les clubs de golf "
        "ou le chien. Quarante exemplaires seulement, et celui-ci aime monter vers les levadas.",
        "À frente um desportivo, atrás uma carrinha: 290 kW, quatro lugares e um piso plano para os tacos de golfe ou o "
        "cão. Só se fizeram 40, e este gosta da estrada que sobe às levadas.",
    ),
}

ALTS = {
    "calder-gt-coupe": Texts(
        "Dark green coupé seen from the side, hills behind it",
        "Cupé verde oscuro visto de lado, con colinas al fondo",
        "Coupé vert foncé vu de profil, des collines derrière",
        "Coupé verde-escuro visto de lado, com colinas ao fundo",
    ),
    "novara-4-estate": Texts(
        "Blue estate car seen from the side, vineyards and a chapel behind it",
        "Familiar azul visto de lado, con viñedos y una capilla al fondo",
        "Break bleu vu de profil, des vignes et une chapelle derrière",
        "Carrinha azul vista de lado, com vinhas e uma capela ao fundo",
    ),
    "fjell-x-offroad": Texts(
        "Ochre off-roader with a loaded roof rack seen from the side, snowy peaks behind it",
        "Todoterreno ocre con la baca cargada visto de lado, con cumbres nevadas al fondo",
        "Tout-terrain ocre à la galerie chargée vu de profil, des sommets enneigés derrière",
        "Todo-o-terreno ocre com a grade carregada visto de lado, com picos nevados ao fundo",
    ),
    "voltane-arc": Texts(
        "Low violet hypercar with a rear wing seen from the side, towers behind it",
        "Hiperdeportivo violeta muy bajo con alerón visto de lado, con torres al fondo",
        "Hypercar violette très basse à aileron vue de profil, des tours derrière",
        "Hipercarro violeta muito baixo com asa traseira visto de lado, com torres ao fundo",
    ),
    "aldermoor-regent": Texts(
        "Burgundy and black 1930s limousine seen from the side, a manor house behind it",
        "Limusina granate y negra de los años treinta vista de lado, con una casa señorial al fondo",
        "Limousine bordeaux et noire des années 1930 vue de profil, un manoir derrière",
        "Limusina bordô e preta dos anos 30 vista de lado, com um solar ao fundo",
    ),
    "kestra-rallye": Texts(
        "White rally hatchback with blue and red stripes and the number 27 seen from the side, pines behind it",
        "Compacto de rally blanco con franjas azules y rojas y el número 27 visto de lado, con pinos al fondo",
        "Compacte de rallye blanche à bandes bleues et rouges, numéro 27, vue de profil, des pins derrière",
        "Compacto de ralis branco com faixas azuis e vermelhas e o número 27 visto de lado, com pinheiros ao fundo",
    ),
    "corvane-8-saloon": Texts(
        "Midnight blue saloon seen from the side, a city avenue behind it",
        "Berlina azul noche vista de lado, con una avenida al fondo",
        "Berline bleu nuit vue de profil, une avenue derrière",
        "Berlina azul-noite vista de lado, com uma avenida ao fundo",
    ),
    "marisol-61-roadster": Texts(
        "Open red roadster seen from the side, the sea and a sailing boat behind it",
        "Roadster rojo descapotado visto de lado, con el mar y un velero al fondo",
        "Roadster rouge décapoté vu de profil, la mer et un voilier derrière",
        "Roadster vermelho descapotado visto de lado, com o mar e um veleiro ao fundo",
    ),
    "tern-breeze-cabriolet": Texts(
        "Small yellow cabriolet with its roof down seen from the side, old town houses behind it",
        "Pequeño descapotable amarillo con el techo bajado visto de lado, con casas antiguas al fondo",
        "Petit cabriolet jaune capote baissée vu de profil, de vieilles maisons derrière",
        "Pequeno descapotável amarelo de capota aberta visto de lado, com casas antigas ao fundo",
    ),
    "marlow-7-camper": Texts(
        "Turquoise and cream camper van with its roof raised seen from the side, a beach with palms behind it",
        "Furgoneta camper turquesa y crema con el techo levantado vista de lado, con una playa y palmeras al fondo",
        "Van aménagé turquoise et crème au toit relevé vu de profil, une plage et des palmiers derrière",
        "Autocaravana turquesa e creme de teto levantado vista de lado, com uma praia e palmeiras ao fundo",
    ),
    "brannock-trail": Texts(
        "Copper pick-up truck with a roll bar seen from the side, dry hills behind it",
        "Pick-up cobriza con barra antivuelco vista de lado, con colinas secas al fondo",
        "Pick-up cuivré à arceau vu de profil, des collines arides derrière",
        "Pick-up cor de cobre com barra de segurança vista de lado, com colinas secas ao fundo",
    ),
    "hallam-s-shooting-brake": Texts(
        "Bronze shooting brake seen from the side, terraced slopes above the sea behind it",
        "Shooting brake color bronce visto de lado, con bancales sobre el mar al fondo",
        "Break de chasse bronze vu de profil, des terrasses au-dessus de la mer derrière",
        "Shooting brake cor de bronze visto de lado, com socalcos sobre o mar ao fundo",
    ),
}
