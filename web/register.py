"""The register of processing, in French: what the tables declare, and the durations that the settings really have."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from savoirs.config import Settings
from savoirs.privacy.declared import TABLES, Processing, tables_of
from web.retention_words import Kept
from web.typography import typo


@dataclass(frozen=True, slots=True)
class Entry:
    """A processing, as a register tells it."""

    title: str
    purpose: str
    legal_basis: str
    persons: str
    data: str
    recipients: str
    retention: str
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def entries(settings: Settings) -> dict[Processing, Entry]:
    """Every processing, in the order of the enumeration."""
    kept = Kept.of(settings)
    return {
        processing: Entry(
            **_WORDS[processing],
            retention=_RETENTION[processing].format(**asdict(kept)),
            tables=tables_of(processing),
            columns=tuple(f"{table}.{one}" for table in tables_of(processing) for one in TABLES[table].personal),
        )
        for processing in Processing
    }


def as_markdown(settings: Settings) -> str:
    """The register, to be kept by who answers for it: their name and address are theirs to write."""
    site = settings.base_url or "à compléter"
    parts = [
        f"# Registre des traitements : Savoirs\n\nSite : {site}\n\n"
        "Responsable du traitement : à compléter (nom de l'organisme, adresse, personne à joindre).\n\n"
        "Aucune décision automatisée, aucun profilage de personnes. Le logiciel ne transmet rien hors de la machine "
        "qui l'héberge, sauf les courriels : ajoutez ici l'hébergeur et le serveur de courriels, et leur pays."
    ]
    for entry in entries(settings).values():
        lines = [f"- **{label}** : {getattr(entry, name)}" for name, label in _LABELS.items()]
        lines.append(f"- **Tables** : {', '.join(entry.tables)}")
        parts.append(f"## {entry.title}\n\n" + "\n".join(lines))
    parts += [_list("Mesures de sécurité", _measures(settings)), _list("Droits des personnes", _RIGHTS)]
    return typo("\n\n".join(parts)) + "\n"


def as_json(settings: Settings) -> dict[str, Any]:
    """The same, for a program."""
    return {
        "site": settings.base_url,
        "processings": {name.value: asdict(entry) for name, entry in entries(settings).items()},
        "security": list(_measures(settings)),
        "rights": list(_RIGHTS),
    }


def _list(title: str, lines: tuple[str, ...]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines)


def _measures(settings: Settings) -> tuple[str, ...]:
    kept = Kept.of(settings)
    return (
        "Adresses dans une seule table, jamais sur une page, dans l'index, un journal ou un export.",
        "Mots de passe hachés (argon2id) ; sessions, liens et jetons gardés sous forme d'empreintes.",
        "Pages sans contenu extérieur (politique de sécurité stricte), cookies refusés aux scripts.",
        "Dossier de données lisible de son seul propriétaire ; sauvegardes de même, à garder hors ligne.",
        f"Sauvegardes : {kept.backups} au plus. Elles contiennent les adresses.",
        "Effacement : fichiers de la base et index réécrits avant la réponse, appliqué à nouveau après restauration.",
        f"Journaux techniques sans adresse ni recherche, gardés {kept.logs}.",
    )


_LABELS = {
    "purpose": "Finalité",
    "legal_basis": "Base légale",
    "persons": "Personnes concernées",
    "data": "Données",
    "recipients": "Destinataires",
    "retention": "Durée",
}

_WORDS: dict[Processing, dict[str, str]] = {
    Processing.INTRODUCTIONS: {
        "title": "Mises en relation",
        "purpose": "Transmettre une demande d'une association à une autre, et savoir ce qu'elle a donné.",
        "legal_basis": "Consentement de qui écrit et de qui répond (RGPD, article 6.1.a).",
        "persons": "Personnes qui écrivent, contacts qui reçoivent.",
        "data": "Prénom, adresse, message, disponibilités, réponse, ce que la rencontre a donné ; empreinte des "
        "adresses qu'un contact ne veut plus lire.",
        "recipients": "Le contact choisi ; les personnes qui relisent, sans l'adresse. L'adresse, après deux accords.",
    },
    Processing.CONTACTS: {
        "title": "Contacts des associations",
        "purpose": "Permettre à d'autres associations de joindre la bonne personne.",
        "legal_basis": "Consentement, daté, avec la phrase exacte (RGPD, article 6.1.a).",
        "persons": "Contacts désignés par une association, personnes qui ont écrit.",
        "data": "Nom, adresse, téléphone, accords donnés et retirés, pauses.",
        "recipients": "Personne : les messages passent par le relais.",
    },
    Processing.ACCOUNTS: {
        "title": "Comptes",
        "purpose": "Écrire et relire des fiches au nom d'une association.",
        "legal_basis": "Intérêt légitime du réseau à savoir qui écrit (RGPD, article 6.1.f).",
        "persons": "Membres, personnes qui relisent, personnes qui administrent.",
        "data": "Identifiant, nom, association, empreinte du mot de passe, jour de la dernière visite, jetons.",
        "recipients": "Les personnes qui administrent.",
    },
    Processing.NOTES: {
        "title": "Fiches, essais et vérifications",
        "purpose": "Partager ce que les associations ont vécu.",
        "legal_basis": "Intérêt légitime du réseau (RGPD, article 6.1.f) ; consentement pour un nom de témoin.",
        "persons": "Personnes qui écrivent, personnes qui témoignent.",
        "data": "Textes, auteur du compte, versions, phrases d'essai ; nom de qui témoigne, s'il l'a voulu ; texte des "
        "documents importés, adresses masquées.",
        "recipients": "Tout le monde pour ce qui est publié ; le nom de l'auteur, aux personnes qui relisent.",
    },
    Processing.CALLS: {
        "title": "Appels à expérience",
        "purpose": "Poser une question au réseau et prévenir qui l'a posée.",
        "legal_basis": "Consentement (RGPD, article 6.1.a).",
        "persons": "Personnes qui posent une question.",
        "data": "Question, situation, recherche de départ ; adresse, si elle est donnée.",
        "recipients": "Tout le monde pour la question ; personne pour l'adresse.",
    },
    Processing.SEARCHES: {
        "title": "Recherches gardées et recherches vaines",
        "purpose": "Signaler des fiches nouvelles à qui le demande ; savoir ce qui manque.",
        "legal_basis": "Consentement pour les recherches gardées ; intérêt légitime pour les mots, sans personne.",
        "persons": "Titulaires de compte, pour les recherches gardées seulement.",
        "data": "Mots et filtres.",
        "recipients": "La personne elle-même ; les mots vains, aux personnes qui relisent.",
    },
    Processing.LETTERS: {
        "title": "Messages envoyés",
        "purpose": "Envoyer chaque message une seule fois, et voir ce qui n'est pas parti.",
        "legal_basis": "Intérêt légitime (RGPD, article 6.1.f).",
        "persons": "Destinataires des messages.",
        "data": "Genre du message, contact, dates ; ni texte, ni adresse.",
        "recipients": "Les personnes qui administrent ; le serveur de courriels, au moment de l'envoi.",
    },
    Processing.SECURITY: {
        "title": "Connexions, journaux, effacements",
        "purpose": "Garder les comptes sûrs, réparer une panne, ne faire revenir personne qui a été effacé.",
        "legal_basis": "Intérêt légitime, et obligation légale pour les effacements (RGPD, articles 6.1.f et 6.1.c).",
        "persons": "Titulaires de compte, personnes effacées.",
        "data": "Empreintes de sessions et de liens, dates ; numéros et empreintes d'adresses des effacements.",
        "recipients": "Les personnes qui administrent.",
    },
}

_RETENTION = {
    Processing.INTRODUCTIONS: "{requests} après la fin de la demande ; ensuite, un nombre seulement. Blocages : "
    "jusqu'à l'effacement du contact qui bloque.",
    Processing.CONTACTS: "Jusqu'au retrait de l'accord ou à l'effacement ; l'accord est redemandé après {consents}. "
    "Une adresse qui ne sert plus à rien est retirée dans la journée.",
    Processing.ACCOUNTS: "{accounts} sans visite, puis {warning} après un avis.",
    Processing.NOTES: (
        "Tant que la fiche sert ; l'auteur, autant que son compte ; une fiche retirée, {withdrawn} ; "
        "un brouillon, {drafts} ; un fichier importé, {imports}, davantage s'il en reste quelque chose."
    ),
    Processing.CALLS: "{requests} après la fin de l'appel, pour l'adresse ; la question publiée reste, sans auteur.",
    Processing.SEARCHES: "Autant que le compte ; {misses} pour les mots qui n'ont rien donné.",
    Processing.LETTERS: "{letters}.",
    Processing.SECURITY: "Connexions : {idle_sessions} sans visite, {sessions} au plus. Journaux : {logs}. "
    "Registre des effacements : autant que la base.",
}

_RIGHTS = (
    "Accès, copie (JSON et CSV), rectification, effacement : page « Mes données » (/mes-donnees), par le compte ou par "
    "un lien envoyé à l'adresse.",
    "Information : page « Vos données » (/vos-donnees).",
    "Retrait d'un accord : lien dans chaque message.",
    "Fiche qui nomme quelqu'un : « savoirs privacy erase … --note » efface la fiche et toutes ses versions.",
    "Réclamation : CNIL, www.cnil.fr.",
)
