"""Outside work that is built in: mail, webhooks, the check of files. Nothing here touches the database; each call may take its time.

`deliver` sends a mail, `call` calls a webhook; both raise NotDone with a sentence that holds nothing of the work itself.
"""

from engine.jobs.mail import Mail, MailServer, deliver, is_address
from engine.jobs.outcome import NotDone
from engine.jobs.scanning import CommandScanner, EicarScanner, Scanner, Verdict
from engine.jobs.webhook import HTTPS, Answer, Target, call, target

__all__ = [
    "HTTPS",
    "Answer",
    "CommandScanner",
    "Mail",
    "MailServer",
    "NotDone",
    "Scanner",
    "Target",
    "EicarScanner",
    "Verdict",
    "call",
    "deliver",
    "is_address",
    "target",
]
