"""French sentences for what the knowledge base refuses of a note, a request, a day or an account."""

from __future__ import annotations

MESSAGES = {
    # fields of a note, a request or a day
    "missing": "Il manque une réponse.",
    "no_text": "Racontez au moins une chose : le contexte, ce que vous avez fait, ce qui a marché ou non.",
    "too_long": "Ce texte compte {length} signes. La limite est de {max}.",
    "too_many": "Il y en a trop : {max} au plus.",
    "holds_email": "Il y a une adresse e-mail ici. Retirez-la : on vous joindra par le relais.",
    "holds_telephone": "Il y a un numéro de téléphone ici. Retirez-le : on vous joindra par le relais.",
    "bad_value": "Cette réponse n'est pas l'une de celles qui sont proposées.",
    "bad_date": "Cette date n'est pas claire. Par exemple : novembre 2025.",
    "date_in_future": "Cette date n'est pas encore passée.",
    "unknown_theme": "Ce thème n'existe pas ou plus. Choisissez-en un autre.",
    "unknown_audience": "Ce public n'est pas dans la liste.",
    "repeated_organisation": "L'association « {name} » est écrite deux fois.",
    "stance_missing": "Dites où en est cette association : une des quatre réponses.",
    "stance_without_lived": "Seule une association qui l'a vécu dit où elle en est.",
    "names_organisation": "Vous demandez l'anonymat, mais le texte nomme « {name} ». Retirez ce nom, ou décochez.",
    "bad_email": "Cette adresse e-mail n'est pas complète, comme « prenom@example.org ».",
    "not_agreed": "Sans cet accord, le message ne peut pas être transmis.",
    "nothing_to_try": "Seules une pratique ou un outil s'essaient. Cette fiche est d'une autre sorte.",
    # whole notes
    "invalid": "Certaines réponses sont à revoir.",
    "unknown_revision": "Cette version n'existe pas.",
    "not_your_note": "Cette fiche appartient à une autre association. Une personne qui relit peut la modifier.",
    "not_your_organisation": (
        "Vous écrivez pour votre association. Pour en nommer une autre, demandez à une personne qui relit."
    ),
    # requests, days, evaluation
    "not_contactable": "Cette organisation n'est pas joignable pour le moment. Votre message n'a pas été gardé.",
    "asked_recently": (
        "Vous avez écrit à cette association il y a moins de {days} jours. Vous pourrez lui écrire à partir du {day}."
    ),
    "asked_enough": (
        "Cette association a reçu assez de demandes cette semaine ({most} au plus). "
        "Vous pourrez lui écrire à partir du {day}."
    ),
    "sent_enough": "Vous avez envoyé {most} demandes en sept jours. Vous pourrez en envoyer à partir du {day}.",
    "already_answered": "Vous avez déjà répondu à cette demande, autrement. La première réponse compte.",
    "request_over": "Cette demande est close : elle a été retirée, ou elle est restée trop longtemps sans réponse.",
    "consent_gone": (
        "Vous avez retiré votre accord : votre adresse ne peut pas être donnée. "
        "Choisissez une autre réponse, ou donnez à nouveau votre accord."
    ),
    "no_decision": "Choisissez l'une des réponses.",
    "nobody_named": "Écrivez le nom de l'association à voir plutôt.",
    "passed_to_oneself": "C'est votre association. Nommez-en une autre, ou répondez « pas en ce moment ».",
    "no_reason": "Dites ce qui ne va pas : une des quatre réponses.",
    "no_outcome": "Choisissez l'une des réponses.",
    "unknown_contact": "Ce lien n'ouvre plus rien : l'adresse ou le contact a changé depuis.",
    "bad_scope": "Cet accord n'est pas de ceux que l'on vous demande.",
    "bad_pause": "Choisissez un jour à venir, dans l'année.",
    "no_organisation": "Votre compte n'est lié à aucune association : il n'y a pas de contact à tenir.",
    "not_your_contact": "Ce contact est celui d'une autre association.",
    "unknown_introduction": "Cette demande n'existe pas, ou plus.",
    "bad_status": "Cette décision n'existe pas.",
    "unknown_framework": "Ce cadre d'évaluation n'est pas dans Savoirs.",
    "bad_limit": "Le nombre de pairs demandé n'est pas possible.",
    "unknown_call": "Cet appel n'existe pas, ou n'est plus publié.",
    "not_your_call": "Cet appel n'est pas le vôtre.",
    "call_over": "Cet appel est fermé. Rien n'a été changé.",
    "address_without_agreement": "Cochez la case pour être prévenu, ou effacez l'adresse.",
    # kept searches
    "empty_search": "Cette recherche est vide. Écrivez un mot, ou choisissez un filtre, puis gardez-la.",
    "too_many_searches": "Vous gardez déjà {max} recherches. Retirez-en une dans Mon espace, puis recommencez.",
    "unknown_search": "Cette recherche n'est plus gardée.",
    # drafts
    "bad_draft": "Ce brouillon ne peut pas être gardé. Votre texte reste dans cette page.",
    "draft_too_long": "Ce brouillon dépasse {max} signes : il n'est plus gardé. Raccourcissez-le, ou publiez-le.",
    "too_many_drafts": "Vous avez déjà {max} brouillons. Jetez-en un dans « Mon espace » pour garder celui-ci.",
    "unknown_draft": "Ce brouillon n'existe plus : il a été publié ou jeté.",
    # links of letters
    "link_expired": "Ce lien a plus de {days} jours : il ne fonctionne plus. Demandez-en un autre.",
    "link_forged": "Ce lien n'est pas complet, ou n'est pas de nous. Copiez-le en entier depuis le message.",
    # accounts
    "bad_credentials": "L'identifiant et le mot de passe ne vont pas ensemble. Vérifiez les deux.",
    "bad_link": "Ce lien a déjà servi, ou il est trop ancien.",
    "unknown_handle": "Cet accès est déjà fermé.",
    "bad_login": "Cet identifiant n'est pas possible : des lettres, des chiffres, un point ou un tiret.",
    "login_taken": "Cet identifiant est déjà pris.",
    "bad_password": "Ce mot de passe doit compter entre {minimum} et {maximum} signes.",
    "member_needs_organisation": "Un membre écrit pour une association : dites laquelle.",
    "unknown_login": "Aucun compte ne porte cet identifiant.",
    # organisations
    "cannot_merge": "{name} ne peut pas être réunie à {into} : c'est la même, ou l'une des deux l'est déjà.",
    "not_merged": "{name} n'est réunie à aucune autre.",
}
