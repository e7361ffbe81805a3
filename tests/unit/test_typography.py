"""French typography of templates."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from jinja2 import DictLoader, Environment

from web.typography import HtmlTypography, TypographyExtension, typo

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("plain", "set_well"),
    [
        ("l'accueil", "l’accueil"),
        ("Pourquoi ?", f"Pourquoi{NB}?"),
        ("« Savoirs »", f"«{NB}Savoirs{NB}»"),
        ("44 % de 18 fiches", f"44{NB}% de 18{NB}fiches"),
        ("14 h 30, 2 ans, 1 an", f"14{NB}h 30, 2{NB}ans, 1{NB}an"),
        ("3 hommes", "3 hommes"),
    ],
)
def test_plain_keyboard_text_gets_french_typography(plain: str, set_well: str) -> None:
    """Apostrophes curl, and spaces do not break before double signs, inside quotation marks and before units."""
    assert typo(plain) == set_well
    assert typo(set_well) == set_well


@pytest.mark.parametrize(
    "pieces",
    [
        ["<p title=\"l'un\">l'autre</p>"],
        ['<p title="', "l'un", '">', "l'autre", "</p>"],
        ['<p title="l\'un"', ">l'autre</p>"],
    ],
)
def test_tags_are_left_alone_however_the_html_is_cut(pieces: Sequence[str]) -> None:
    """Attributes keep their characters, even when an expression cuts the tag in two."""
    html = HtmlTypography()
    assert "".join(map(html.feed, pieces)) == '<p title="l\'un">l’autre</p>'


@pytest.mark.parametrize("element", ["textarea", "script", "pre"])
def test_what_users_or_programs_wrote_is_left_alone(element: str) -> None:
    """The text of a form field or of a program is not ours to correct."""
    html = HtmlTypography()
    given = f"<{element} id=a>it's ?</{element}>"
    assert html.feed(given + "<p>l'eau</p>") == given + "<p>l’eau</p>"


def test_templates_are_set_when_compiled_and_values_are_not() -> None:
    """The extension changes the template's own text and nothing that comes from an expression."""
    environment = Environment(
        extensions=[TypographyExtension],
        autoescape=True,
        loader=DictLoader({"page": "<p class=\"{{ css }}\">L'avis de {{ name }} ? {# it's #}</p>"}),
    )
    page = environment.get_template("page").render(css="d'ici", name="l'autre ?")
    assert page == f'<p class="d&#39;ici">L’avis de l&#39;autre ?{NB}? </p>'
