"""People are told by mail: at once or once a day, never in their quiet hours, never of what became needless, each mail once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace

import pytest

from engine import clock, store
from engine.jobs import MailServer
from engine.model.cases import Case
from engine.model.telling import MailState, TellingChoices
from engine.operations.mail import mailing
from engine.operations.people import people
from engine.operations.rounds import sweeps
from engine.operations.running.outside_calls import Outlets
from engine.operations.telling import notices
from engine.store import Store, UnitOfWork
from tests.mailbox import Mailbox, serving
from tests.operations import acts
from tests.operations.conftest import cast
from tests.operations.telling import told_by_mail
from tests.world import World


class Office:
    """A mail server that can be switched off, and a world that sends to it."""

    def __init__(self, world: World) -> None:
        self.world, self.box, self._up = world, Mailbox(), ExitStack()
        self.switch_on()

    def switch_on(self) -> None:
        self._up.enter_context(serving(self.box))

    def switch_off(self) -> None:
        self._up.close()

    @property
    def outlets(self) -> Outlets:
        return Outlets(MailServer.read(self.box.url, "desk@example.org"), address="https://library.example.org")

    def advance(self, text: str) -> None:
        """Time passes; mail goes out when it is due."""
        sweeps.advance(self.world.store, self.world.clock, acts.length(text), self.outlets)

    def states(self) -> list[tuple[str, int, str | None]]:
        """State, tries and code of each mail, oldest first."""
        with self.world.store.reading() as uow:
            page = store.mails.list_(uow, self.world.program.id)
        return [(str(one.state), one.attempts, one.error_code) for one in reversed(page.items)]


class Crash(BaseException):
    """The process ends here."""


class CrashingStore:
    """A store whose process ends when it opens a second unit of work."""

    def __init__(self, inner: Store) -> None:
        self._inner, self._opened = inner, False

    def unit_of_work(self) -> AbstractContextManager[UnitOfWork]:
        if self._opened:
            raise Crash
        self._opened = True
        return self._inner.unit_of_work()


@pytest.fixture
def office(empty: Store) -> Iterator[Office]:
    made = Office(cast(empty, told_by_mail()))
    with made.world.store.unit_of_work() as uow:
        for name in ("lia", "kim", "ben"):
            people.change(uow, made.world.system, made.world.people[name].id, email=f"{name}@example.org")
        uow.commit()
    yield made
    made.switch_off()


@pytest.fixture
def loan(office: Office) -> Case:
    """The book is out and due in a week; lia has the task, and is reminded after three days and a half (21:00 on Thursday)."""
    return claimed(office)


def claimed(office: Office) -> Case:
    """A loan whose task lia has."""
    case = acts.lent(office.world)
    task = office.world.task(case, "recall")
    with office.world.acting("lia") as (uow, actor):
        acts.claim(uow, actor, task.id)
    return case


def choose(office: Office, name: str, **chosen: object) -> None:
    """Keep somebody's choices."""
    person = office.world.people[name]
    with office.world.store.unit_of_work() as uow:
        store.telling_choices.put(uow, replace(TellingChoices(person.id, person.program_id), **chosen))  # type: ignore[arg-type]
        uow.commit()


def speak(office: Office, name: str, language: str) -> None:
    """Let somebody read another language."""
    with office.world.store.unit_of_work() as uow:
        people.change(uow, office.world.system, office.world.people[name].id, language=language)
        uow.commit()


def test_a_mail_says_the_same_to_everybody_and_where_to_sign_in(office: Office, loan: Case) -> None:
    office.advance("P4D")
    assert office.box.subjects == [("lia@example.org", "Something is due soon")]
    text = office.box.text()
    assert text.splitlines()[-1] == "https://library.example.org"
    for told in (loan.number, "Wait for the book", "Lia", "Ben", "loan"):
        assert told not in str(office.box.mails[0])
    assert office.states() == [("sent", 1, None)]
    assert office.world.events(loan, "mail_sent") == ["recall"]


def test_a_mail_is_in_the_language_of_its_reader_or_in_that_of_the_pack(office: Office, loan: Case) -> None:
    speak(office, "lia", "es-MX")
    office.advance("P4D")
    assert office.box.subjects == [("lia@example.org", "Algo vence pronto")]
    speak(office, "lia", "fr")
    office.advance("P3D")
    assert office.box.subjects[-1] == ("lia@example.org", "Something is due soon")


def test_quiet_hours_hold_a_mail_until_they_end(office: Office, loan: Case) -> None:
    choose(office, "lia", quiet_from=20 * 60, quiet_until=6 * 60 + 30)
    office.advance("P3DT12H")
    assert (clock.now().isoformat(), office.box.mails) == ("2026-03-05T21:00:00+00:00", [])
    with office.world.reading("lia") as (uow, actor):
        assert len(notices.list_(uow, actor).items) == 1
    office.advance("PT9H29M")
    assert office.box.mails == []
    office.advance("PT1M")
    assert len(office.box.mails) == 1


def test_an_outage_loses_nothing_and_repeats_nothing(office: Office, loan: Case) -> None:
    office.switch_off()
    office.advance("P3DT13H")
    ((state, tries, code),) = office.states()
    assert (state, code) == ("waiting", "mail-server")
    assert tries > 3
    assert sweeps.next_due_at(office.world.store, office.outlets) is not None
    office.switch_on()
    office.advance("PT2H")
    office.advance("PT6H")
    assert len(office.box.mails) == 1
    assert office.states()[0][0] == "sent"


def test_a_mail_that_is_tried_again_keeps_its_message_id(office: Office, loan: Case) -> None:
    office.box.answers = ["451 later", "451 later"]
    office.advance("P4D")
    with office.world.store.reading() as uow:
        (mail,) = store.mails.list_(uow, office.world.program.id).items
    assert (mail.state, mail.attempts) == (MailState.SENT, 3)
    assert office.box.ids == [f"<{mail.id}@example.org>"]


def test_a_crash_between_sending_and_saying_so_repeats_the_mail_under_its_id(office: Office, loan: Case) -> None:
    """The one case in which a mail may come twice: the server had it, and nobody was left to note that."""

    office.world.advance("P3DT12H")
    with pytest.raises(Crash):
        mailing.run_one(CrashingStore(office.world.store), office.outlets)  # type: ignore[arg-type]
    assert mailing.run_due(office.world.store, office.outlets) == 0  # it is held
    office.advance("PT10M")
    first, second = office.box.ids
    assert first == second
    office.advance("PT10M")
    assert len(office.box.mails) == 2


def test_who_is_refused_for_good_is_not_tried_again_and_a_server_that_stays_away_is_given_up(office: Office, loan: Case) -> None:
    office.box.answers = ["554 no such mailbox"]
    office.advance("P4D")
    assert [(state, tries) for state, tries, _ in office.states()] == [("failed", 1)]
    office.switch_off()
    office.advance("P2DT1H")
    assert office.states()[1][0] == "waiting"
    office.advance("P3D")
    assert office.states()[1][0] == "failed"


def test_nothing_is_sent_of_what_was_read_or_done_meanwhile(office: Office, loan: Case) -> None:
    choose(office, "lia", quiet_from=20 * 60, quiet_until=6 * 60)
    office.advance("P3DT12H")
    with office.world.acting("lia") as (uow, actor):
        (line,) = notices.list_(uow, actor).items
        notices.mark_read(uow, actor, line.id)
    office.advance("P1D")
    assert (office.box.mails, office.states()) == ([], [("dropped", 1, "needless")])


def test_who_is_walled_off_in_the_night_is_told_nothing_in_the_morning(office: Office, loan: Case) -> None:
    choose(office, "lia", quiet_from=20 * 60, quiet_until=6 * 60)
    office.advance("P3DT12H")
    acts.wall(office.world, loan, "lia")
    office.advance("P1D")
    assert (office.box.mails, office.states()) == ([], [("dropped", 1, "needless")])


def test_a_digest_is_one_mail_a_day_that_counts_what_is_still_unread(office: Office, loan: Case) -> None:
    choose(office, "lia", ways={"dates": "digest"}, digest_at=7 * 60)
    for _ in range(2):
        claimed(office)
    office.advance("P3DT12H")
    with office.world.acting("lia") as (uow, actor):
        notices.mark_read(uow, actor, notices.list_(uow, actor).items[0].id)
    assert office.box.mails == []
    office.advance("PT10H")
    assert office.box.subjects == [("lia@example.org", "What is new for you")]
    assert "2 messages" in office.box.text()


def test_whoever_wants_nothing_gets_nothing_and_the_timeline_says_so(office: Office, loan: Case) -> None:
    choose(office, "lia", ways={"dates": "none"})
    office.advance("P4D")
    assert (office.box.mails, office.world.notices("lia")) == ([], [])
    assert office.world.events(loan, "notice_not_wanted") == ["recall"]


def test_what_a_pack_does_not_let_people_switch_off_comes_all_the_same(office: Office, loan: Case) -> None:
    choose(office, "kim", ways={"late": "none"})
    office.advance("P11D")
    assert ("kim@example.org", "Something is late") in office.box.subjects


def test_who_has_no_address_has_the_notice_in_the_inbox_only(office: Office, loan: Case) -> None:
    office.advance("P11D")
    assert office.world.notices("kit") == ["overdue"]
    assert {to for to, _ in office.box.subjects} == {"lia@example.org", "kim@example.org"}


def test_without_a_mail_server_mail_waits_and_old_mail_is_not_sent_later(office: Office, loan: Case) -> None:
    office.world.advance("P4D")
    assert mailing.run_due(office.world.store, Outlets()) == 0
    assert office.states() == [("waiting", 0, None)]
    office.world.advance("P4D")
    mailing.run_due(office.world.store, office.outlets)
    assert office.states()[0] == ("dropped", 1, "too-late")


def test_where_mail_is_only_recorded_it_is_kept_with_what_it_would_say(office: Office, loan: Case) -> None:
    sweeps.advance(office.world.store, office.world.clock, acts.length("P4D"), Outlets(recording=True))
    with office.world.store.reading() as uow:
        (mail,) = store.mails.list_(uow, office.world.program.id).items
    assert isinstance(mail.record, dict)
    assert (mail.record["to"], mail.record["subject"]) == (["lia@example.org"], "Something is due soon")
    assert office.box.mails == []


def test_two_workers_at_once_send_each_mail_once(either: Store) -> None:
    world = cast(either, told_by_mail())
    case = acts.loan(world)
    with either.unit_of_work() as uow:
        people.change(uow, world.system, world.people["lia"].id, email="lia@example.org")
        for _ in range(8):
            notices.send(uow, world.system, case, world.people["lia"].id, "due-soon")
        uow.commit()
    with serving(Mailbox()) as box:
        outlets = Outlets(MailServer.read(box.url, "desk@example.org"))
        with ThreadPoolExecutor(3) as pool:
            done = sum(pool.map(lambda _: mailing.run_due(either, outlets), range(3)))
    assert (done, len(box.ids), len(set(box.ids))) == (8, 8, 8)
