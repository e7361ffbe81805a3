"""Départements and regions."""

import re

import pytest

from savoirs.audiences import AUDIENCES
from savoirs.corpus import schema
from savoirs.errors import NotFoundError
from savoirs.territories import DEPARTEMENTS, departement_name, region_of


def test_there_are_101_departements_and_the_other_overseas_territories() -> None:
    """96 in Europe, 5 overseas, and 6 territories that are no département."""
    assert len([code for code in DEPARTEMENTS if len(code) == 2]) == 96
    assert len([code for code in DEPARTEMENTS if len(code) == 3]) == 11


def test_there_are_13_regions_in_europe() -> None:
    """As since 2016."""
    assert len({place.region for code, place in DEPARTEMENTS.items() if len(code) == 2}) == 13


@pytest.mark.parametrize(
    ("code", "name", "region"),
    [
        ("69", "Rhône", "Auvergne-Rhône-Alpes"),
        ("2A", "Corse-du-Sud", "Corse"),
        ("974", "La Réunion", "La Réunion"),
        ("06", "Alpes-Maritimes", "Provence-Alpes-Côte d’Azur"),
    ],
)
def test_a_code_gives_a_name_and_a_region(code: str, name: str, region: str) -> None:
    """Codes are text: « 06 » keeps its zero."""
    assert (departement_name(code), region_of(code)) == (name, region)


def test_an_unknown_code_is_refused() -> None:
    """There has been no « 20 » since Corsica was divided."""
    with pytest.raises(NotFoundError) as raised:
        departement_name("20")
    assert raised.value.code == "unknown_departement"


def test_the_schema_admits_every_code_and_every_audience() -> None:
    """The corpus and the code know the same territories and publics."""
    properties = schema.definition("organisation")["properties"]
    assert all(re.search(properties["departement"]["pattern"], code) for code in DEPARTEMENTS)
    assert tuple(properties["audiences"]["items"]["enum"]) == AUDIENCES
