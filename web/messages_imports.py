"""French sentences for imports on the web: what cannot be done, then what to do."""

MESSAGES = {
    "unknown_import": "Ce fichier n’est pas dans vos imports, ou n’y est plus.",
    "not_your_import": "Ce fichier a été envoyé par une autre personne : elle le relit elle-même.",
    "unknown_piece": "Cette proposition n’existe pas dans ce document.",
    "unknown_source": "Ce document n’est pas dans Savoirs, ou ne vous est pas ouvert.",
    "piece_decided": "Cette proposition est déjà acceptée, ignorée ou réunie à une autre : elle ne change plus.",
    "import_not_ready": "Ce fichier n’est pas encore lu. Attendez la fin de la lecture.",
    "original_gone": (
        "Le fichier d’origine n’est plus gardé : les adresses qu’il contenait ne peuvent pas être reprises. "
        "Envoyez-le à nouveau."
    ),
    "nothing_to_merge": "Aucune fiche proposée ne suit celle-ci : il n’y a rien à réunir.",
    "import_title_missing": "Donnez un titre à cette fiche.",
    "import_title_too_long": "Le titre dépasse {maximum} signes : raccourcissez-le.",
    "import_bad_kind": "Ce choix n’existe pas. Choisissez dans la liste.",
    "import_bad_lines": "Donnez deux lignes du document, entre 1 et {last}, la première avant la dernière.",
    "import_no_words": "Ces lignes sont vides. Choisissez des lignes avec du texte.",
    "import_bad_cut": (
        "La deuxième fiche doit commencer entre les lignes {first} et {last}, avec du texte de part et d’autre."
    ),
    "import_unknown_organisation": (
        "Cette organisation n’est ni dans Savoirs ni dans ce document. Choisissez dans la liste."
    ),
    "import_unknown_theme": "Ce thème n’existe pas. Choisissez dans la liste.",
    "no_file_chosen": "Choisissez au moins un fichier.",
    "files_too_heavy": (
        "Ces fichiers dépassent {maximum} à eux tous. Rien n’a été gardé : envoyez-les en plusieurs fois."
    ),
}
"""One sentence a code."""
