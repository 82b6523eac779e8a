"""How a person is greeted: by the first name only where it surely is one."""

import re
import unicodedata

# What stands first in a name and is none: titles, households, and the particles of surnames.
TITLES = "dr prof mr mrs ms miss mx sir dame lord lady rev herr frau hr fr dipl ing mag med sr sra srta señor señora don"
MORE_TITLES = (
    "señorita doña dña d m mme mlle monsieur madame me maître senhor senhora dona eng doutor doutora hotel"
)
HOUSES = "familia família famille familie family the"
PARTICLES = (
    "a le la les los las el il lo o de del della der den des di da do dos das du van von vom zu zum ter ten"
)
MORE_PARTICLES = "al bin ibn ben abu mac mc st san santa são"
NOT_FIRST = frozenset(" ".join([TITLES, MORE_TITLES, HOUSES, PARTICLES, MORE_PARTICLES]).split())
# What says that there is more than one person, or none.
OTHERS = "+ and und y e et i ou o or oder ltd llc inc gmbh ag sa sl slu sarl sas lda bv nv plc"
NOT_SECOND = frozenset(OTHERS.split())


LONGEST = 60  # characters
NO_NAME = re.compile(
    r"[\d/@:]|\w\.\w{2}"
)  # an address, a number: strangers' advertising would go out in our mails


def greeted(full_name: str) -> str:
    """ "Marta" of "Marta Oliveira"; all of "Dr. Anna Schmidt", "de la Cruz", "Müller, Jürgen", "DUPONT Marie".

    Nothing of what is no name.
    """
    if len(full_name) > LONGEST or NO_NAME.search(full_name):
        return ""
    first, *rest = full_name.split() or [""]
    return first if rest and _is_first_name(first, rest) else " ".join([first, *rest])


def _is_first_name(first: str, rest: list[str]) -> bool:
    plain = re.sub(r"[-'’]", "", first)
    in_order = not plain.isupper() or any(word.isupper() and len(word) > 1 for word in rest)
    more = any(word.lower().replace(".", "") in NOT_SECOND for word in rest)
    return (
        len(plain) > 1
        and plain.isalpha()
        and plain[0].isupper()
        and all(unicodedata.name(letter, "").startswith("LATIN") for letter in plain)
        and first.lower() not in NOT_FIRST
        and in_order
        and not more
        and not any(character in word for word in rest for character in ",;@&/()")
    )
