"""French sentences for mistakes in a corpus, in settings and in the database: what is wrong, then what to do."""

MESSAGES = {
    # settings and database
    "bad_settings": "Réglage incorrect : {names}. Corrigez cette variable, ou sa ligne dans savoirs.toml.",
    "bad_settings_file": "Le fichier {file} ne se lit pas : vérifiez qu’il suit la syntaxe TOML.",
    "database_busy": "Quelqu’un d’autre écrit dans la base en ce moment. Réessayez dans un instant.",
    "database_too_new": (
        "La base vient d’une version plus récente de Savoirs (étape {revision}). Mettez Savoirs à jour."
    ),
    "unknown_departement": 'Il n’y a pas de département « {departement} ». Écrivez son code, par exemple "69" ou "2A".',
    "bad_lexicon": "Le fichier de langue « {file} » ne se lit pas, ligne {line}.",
    # a corpus as a whole
    "corpus_not_found": "Il n’y a pas de fiche à charger dans « {path} ». Vérifiez le chemin.",
    "corpus_errors": "Rien n’a été chargé : le corpus contient des erreurs.",
    "export_not_empty": "Le dossier « {path} » n’est pas vide. Donnez le nom d’un dossier nouveau, ou videz celui-ci.",
    # files
    "unreadable": "Ce fichier ne peut pas être lu : vérifiez ses droits d’accès.",
    "too_large": "Ce fichier dépasse {maximum} octets. Coupez-le en plusieurs fiches.",
    "not_utf8": "Ce fichier n’est pas écrit en UTF-8. Enregistrez-le avec cet encodage.",
    "no_front_matter": "Le fichier doit commencer par une ligne « --- », des clés, puis une autre ligne « --- ».",
    "bad_yaml": (
        "Cette partie ne se lit pas. Vérifiez l’alignement, et mettez entre guillemets droits un texte avec « : »."
    ),
    "yaml_alias": "Les renvois YAML (& et *) ne sont pas admis. Recopiez la valeur.",
    "repeated_key": "La clé « {key} » est écrite deux fois. Gardez-en une.",
    "unknown_record": "« record » vaut « {value} ». Valeurs possibles : {allowed}.",
    "wrong_file_name": "L’identifiant est « {id} » : le fichier doit s’appeler « {wanted} ».",
    "wrong_folder": "Un fichier « record: {record} » se range dans le dossier {wanted}",
    "repeated_record": "L’identifiant « {id} » est déjà celui du fichier {other}. Changez-en un.",
    # values
    "missing_key": "Il manque la clé « {key} ». Ajoutez-la.",
    "unknown_key": "La clé « {key} » n’existe pas ici. Clés possibles : {allowed}.",
    "value_not_listed": "« {value} » n’est pas une valeur de « {key} ». Valeurs possibles : {allowed}.",
    "value_not_read": "« {value} » n’a pas la forme attendue pour « {key} ». Voyez le fichier README.md du corpus.",
    "date_not_read": "« {value} » n’est pas une date. Écrivez 2025, 2025-03 ou 2025-03-12.",
    "moment_not_read": "« {value} » n’est pas un moment. Écrivez-le en temps universel : 2026-03-12T09:30:00Z.",
    "call_id_not_read": (
        "« {value} » n’est pas l’identifiant d’un appel : dix signes, des lettres sans accent ou des chiffres de 2 à 7."
    ),
    "id_not_read": "« {value} » n’est pas un identifiant : des mots en minuscules, sans accent, joints par des tirets.",
    "value_too_long": "« {key} » compte {length} signes ou éléments : {maximum} au plus.",
    "value_empty": "« {key} » est vide : écrivez-en au moins {minimum}, ou retirez la clé.",
    "repeated_value": "« {key} » contient deux fois la même valeur. Gardez-en une.",
    "repeated_item": "« {value} » figure deux fois dans cette liste. Gardez-en une.",
    "stance_of_another_role": "« stance » ne se met qu’avec « role: lived ». Retirez-la, ou changez le rôle.",
    "closed_of_open_call": "« closed » ne se met qu’avec « status: closed ». Retirez-la, ou changez « status ».",
    "other_kind_of_note": "Cette fiche a des clés d’une fiche « {wanted} », mais son « kind » est « {value} ».",
    "unknown_heading": (
        "Le titre « {heading} » n’est pas prévu. Titres possibles : {allowed} ; les autres sont de niveau 3."
    ),
    "heading_order": "Le titre « {heading} » n’est pas à sa place. L’ordre est : {allowed}, chacun une fois.",
    # what records say of each other
    "unknown_theme_reference": "Il n’y a pas de thème « {key} ». Ajoutez son fichier dans themes/, ou corrigez ce nom.",
    "unknown_organisation_reference": (
        "Il n’y a pas d’organisation « {key} ». Ajoutez son fichier dans organisations/, ou corrigez ce nom."
    ),
    "unknown_note_reference": "Il n’y a pas de fiche « {key} ». Ajoutez son fichier dans notes/, ou corrigez ce nom.",
    "unknown_source_reference": (
        "Il n’y a pas de source « {key} ». Ajoutez son fichier dans sources/, ou corrigez ce nom."
    ),
    "unknown_workshop_reference": (
        "Il n’y a pas d’atelier « {key} ». Écrivez l’identifiant de la journée, « / », son numéro."
    ),
    "theme_cycle": "Le thème « {id} » serait son propre ancêtre. Changez « parent ».",
    "lines_without_source": "« lines » demande une « source » dans ce fichier.",
    "lines_reversed": "La première ligne ({first}) vient après la dernière ({last}). Échangez-les.",
    "lines_beyond_source": "La source « {source} » n’a que {lines} lignes : {last} n’existe pas.",
    "workshop_in_use": "Un atelier retiré de cette journée sert encore à une fiche ou à un cadre. Changez-les d’abord.",
    "holds_address": "Cette ligne contient une adresse électronique ou un numéro de téléphone. Retirez-le.",
    # language files
    "lexicon_several_words": "Un seul mot par ligne. Mettez chaque mot sur sa ligne.",
    "lexicon_lone_word": "Il faut au moins deux mots sur cette ligne. Complétez-la, ou retirez-la.",
    "lexicon_no_separator": "Il manque « = » ou « > » entre les mots de cette ligne.",
    "lexicon_two_families": "Un mot de cette ligne est déjà dans une autre famille. Gardez-le dans une seule.",
}
"""One sentence a code."""
