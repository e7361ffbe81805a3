"""The publics that associations work with. Their French names are in ``web/labels.py``."""

AUDIENCES = (
    "benevoles",
    "personnes-agees",
    "aidants",
    "enfants",
    "jeunes",
    "etudiants",
    "familles",
    "habitants",
    "personnes-exilees",
    "personnes-sans-abri",
    "personnes-handicapees",
    "personnes-malades",
    "personnes-detenues",
    "demandeurs-emploi",
    "femmes",
    "tout-public",
)
"""Values of ``NoteAudience.audience`` and ``OrganisationAudience.audience``, in the order of forms."""
