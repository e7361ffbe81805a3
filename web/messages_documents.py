"""French sentences for documents that cannot be read: which one, what is wrong, then what to do."""

MESSAGES = {
    "document_not_found": "« {name} » ne se lit pas : vérifiez que le fichier existe et que vous pouvez l’ouvrir.",
    "document_empty": "« {name} » est vide. Vérifiez que c’est le bon fichier.",
    "document_too_large": "« {name} » dépasse {maximum} octets. Réduisez-le, ou coupez-le en plusieurs fichiers.",
    "document_unknown_type": (
        "« {name} » n’est pas d’un type que Savoirs sait lire. Types acceptés : PDF, Word (.docx), OpenDocument "
        "(.odt, .odp, .ods), PowerPoint (.pptx), Excel (.xlsx), HTML, Markdown, texte et CSV."
    ),
    "document_wrong_type": (
        "« {name} » n’est pas ce que son extension annonce ({extension}). Enregistrez-le à nouveau dans ce format."
    ),
    "document_executable": "« {name} » est un programme, pas un document. Il n’a pas été ouvert.",
    "document_old_format": (
        "« {name} » est dans un ancien format de Word, Excel ou PowerPoint. Enregistrez-le en .docx, .xlsx ou .pptx."
    ),
    "document_encrypted": "« {name} » est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe.",
    "document_macros": "« {name} » contient des macros. Enregistrez-en une copie sans macros.",
    "document_bad_names": "« {name} » contient des chemins qui sortent du document. Il n’a pas été ouvert.",
    "document_dtd": (
        "« {name} » contient des déclarations XML (DTD ou entités) qui sont refusées. Il n’a pas été ouvert."
    ),
    "document_too_many_pages": "« {name} » a plus de {maximum} pages. Coupez-le en plusieurs fichiers.",
    "document_too_long": "Le texte de « {name} » est trop long. Coupez-le en plusieurs fichiers.",
    "document_too_heavy": "« {name} » demande trop de mémoire pour être lu. Il a été refusé.",
    "document_too_slow": "« {name} » a demandé trop de temps : la lecture a été arrêtée.",
    "document_reader_stopped": (
        "La lecture de « {name} » s’est arrêtée en cours de route. Rien n’a été gardé : réessayez."
    ),
    "document_damaged": "« {name} » est abîmé ou incomplet. Ouvrez-le, puis enregistrez-le à nouveau.",
    "document_scanned": (
        "« {name} » ne contient que des images de pages, sans texte. Passez-le d’abord dans un logiciel de "
        "reconnaissance de texte, ou demandez à l’administrateur d’installer tesseract."
    ),
    "document_no_text": "« {name} » ne contient aucun texte. Vérifiez que c’est le bon fichier.",
    "document_changed": "« {name} » a changé pendant l’import. Rien n’a été gardé : réessayez.",
    "too_many_documents": "{count} fichiers d’un coup, c’est trop : {maximum} au plus. Faites plusieurs imports.",
}
"""One sentence a code."""
