"""The library pack with a section about telling people: dates may be switched off, being late may not."""

from __future__ import annotations

from tests.operations import shelf

TELLING = """
[telling]
digest_at = "08:00"
due_title = "Something is due"

[telling.digest]
subject = "What is new for you"
text = "There are {count} messages for you. Please sign in to read them."

[[telling.kinds]]
key = "dates"
label = "Reminders"
notices = ["due-soon"]
way = "mail"
subject = "Something is due soon"
text = "Something that you have to do is due soon. Please sign in."

[[telling.kinds]]
key = "late"
label = "What is late"
notices = ["overdue"]
ways = ["mail", "digest"]
roles = ["keeper", "librarian"]
subject = "Something is late"
text = "Something is late. Please sign in."

[translations.es]
"Something is due soon" = "Algo vence pronto"
"Something that you have to do is due soon. Please sign in." = "Algo que usted debe hacer vence pronto. Por favor, inicie sesión."
"""


def told_by_mail(more: str = "") -> dict[str, bytes]:
    """The library with its ladder and with words for mail."""
    files = shelf.with_ladder()
    pack = files["pack.toml"].decode().replace('language = "en"', 'language = "en"\nlanguages = ["es"]')
    return files | {"pack.toml": (pack + TELLING + more).encode()}
