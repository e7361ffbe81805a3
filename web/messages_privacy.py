"""French sentences for what is refused about one's own data, backups and erasures."""

from __future__ import annotations

MESSAGES = {
    "last_admin": (
        "C'est le dernier compte d'administration : créez-en un autre d'abord, sinon personne ne tiendrait les comptes."
    ),
    "nothing_held_there": "Cette adresse n'est gardée nulle part : il n'y a rien à effacer.",
    "nothing_held": "Plus rien n'est gardé à votre sujet : ce lien n'a plus rien à montrer.",
    "address_done": "Cette adresse est déjà confirmée, ou une autre a été demandée depuis.",
    "bad_ledger": "Le registre des effacements est abîmé, ligne {line} du fichier « {file} » : remettez-le en état.",
    # backups
    "backup_not_sqlite": (
        "La base n'est pas une base SQLite du dossier de données : sauvegardez-la avec son propre outil, "
        "« pg_dump » pour PostgreSQL, et copiez à part le dossier de données."
    ),
    "backup_exists": "Le fichier « {file} » existe déjà : choisissez un autre nom, ou ajoutez --yes pour le remplacer.",
    "backup_no_folder": "Impossible d'écrire « {file} » : donnez le nom d'un fichier, dans un dossier qui existe.",
    "backup_foreign": "Ce fichier n'est pas une sauvegarde de Savoirs. Rien n'est changé.",
    "backup_damaged": "Cette sauvegarde est abîmée, ou a été modifiée. Rien n'est changé : essayez-en une autre.",
    "backup_too_new": (
        "Cette sauvegarde vient d'une version plus récente de Savoirs ({format}). Rien n'est changé : "
        "mettez Savoirs à jour, puis recommencez."
    ),
    "backup_no_room": "Il n'y a pas assez de place sur le disque pour restaurer cette sauvegarde. Rien n'est changé.",
    "folder_in_use": "Savoirs est en marche sur le dossier « {folder} » : arrêtez-le d'abord.",
    "folder_restoring": "Une restauration est en cours dans le dossier « {folder} » : attendez qu'elle finisse.",
}
