"""What the help says about daily work: pages of steps with pictures, which walking the stories makes (`python3 -m tests.stories`)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import noted


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or to know. `picture` is a name among the help's pictures, `shows` what it shows; `small`: of a phone."""

    text: str
    picture: str = ""
    shows: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the help."""

    title: str
    about: str
    steps: tuple[Step, ...]


GUIDES = {
    "inbox": Guide(
        noted("Your inbox"),
        noted(
            "What waits for you stands in the inbox, the most urgent first. What has a date comes up by itself; you need not remember it."
        ),
        (
            Step(
                noted("Choose Inbox at the top. Mine holds what was given to you, My roles what anyone in one of your roles may take."),
                "inbox-roles",
                noted("The inbox: a table of tasks with the date each is due, its case and who may take it."),
            ),
            Step(
                noted("Press Take it, and nobody else begins the same task. Give it back if you cannot do it, or hand it over with a note.")
            ),
            Step(noted("Each line says in words when the task is due. What is late stands on top.")),
            Step(
                noted(
                    "To begin a case, press Open a case. Look for each person first. Of somebody new the name is "
                    "enough; the language says how mail to them is worded."
                ),
                "open-a-case",
                noted("The page Open a case with the names of two people."),
            ),
            Step(
                noted(
                    "Choose several tasks with their boxes to take them, hand them over or look at them again later, with one confirmation."
                )
            ),
        ),
    ),
    "task": Guide(
        noted("Work on a task"),
        noted("A task says what to do and why, asks for what is needed, and tells what happens when you send it."),
        (
            Step(
                noted("Open it from the inbox. On top stands when it is due and who has it, beside it who will see what you write."),
                "task",
                noted("A task: its title, when it is due, what to do and why, and the first questions."),
            ),
            Step(noted("What you type is kept as you go. After a lost connection, a time-out or a second tab it is still there.")),
            Step(
                noted("Where a task is about one person, their name stands above the form. Check it before you write."),
                "screening",
                noted("A task about one of two people, with the name of the person it is about."),
            ),
            Step(
                noted(
                    "Read what happens when you send it, then press Send. It cannot be taken back there; if "
                    "something was wrong, say so in the case."
                ),
                "task-end",
                noted("The end of a task: what happens when it is sent, and the buttons Send and Keep it for later."),
            ),
            Step(
                noted(
                    "Somebody without phone or computer answers on paper or by phone: open their task and enter "
                    "what they say, and how they said it."
                )
            ),
        ),
    ),
    "session": Guide(
        noted("A session"),
        noted("From the date to the summary each step is a task of its own, so that nothing has to be remembered."),
        (
            Step(
                noted("Set date, place and length. Everybody who takes part is told in neutral words and finds it in their calendar."),
                "schedule",
                noted("The task Schedule the session with date, way of meeting and place."),
            ),
            Step(
                noted("Prepare the agenda. Write it so that everybody who comes may read it."),
                "prepare-end",
                noted("The task Prepare the session with a point of the agenda."),
            ),
            Step(
                noted(
                    "In the room open the console among the parts of the case. Its large buttons are made for a "
                    "tablet: a note, an incident, a talk with one person alone, which stays bound to that person."
                ),
                "console",
                noted("The console of a session with large buttons."),
            ),
            Step(
                noted("Afterwards write the summary for everybody. Your own notes are a task of their own that nobody else reads."),
                "summary-end",
                noted("The task Write the joint summary, filled in."),
            ),
            Step(
                noted("The case page shows how far it has come and since when."),
                "milestones",
                noted("The case page with its milestones and their dates."),
            ),
        ),
    ),
    "parties": Guide(
        noted("For the parties"),
        noted("Who takes part from outside needs no account and no program: a link by mail or a code from the phone opens their own page."),
        (
            Step(
                noted("On the case page, under People, choose Let in. Send a link by mail, or make a code and read it out."),
                "portal-code",
                noted("The page that shows a code to read out, this once."),
            ),
            Step(
                noted("A link shows a button first and works once."), "portal-link", noted("A phone with the page Your link."), small=True
            ),
            Step(
                noted("The first page says what waits for them, where it stands, and what they can do at any time."),
                "portal-home",
                noted("A phone with the first page: what waits, where it stands, and the buttons to ask or to withdraw."),
                small=True,
            ),
            Step(
                noted("They read and answer in their own language, one part after the other."),
                "portal-consent-es",
                noted("A phone with a request in Spanish."),
                small=True,
            ),
            Step(
                noted("Withdrawing holds at once, and nobody is asked for a reason."),
                "portal-withdraw",
                noted("A phone with the question whether to withdraw."),
                small=True,
            ),
        ),
    ),
    "away": Guide(
        noted("When somebody is away or walled off"),
        noted("Work goes on when somebody is away, and nobody sees a case that they are kept from, whatever their roles allow."),
        (
            Step(
                noted("Under your name choose Away, and say from when to when and who stands in."),
                "away",
                noted("The page Away with first day, last day and who stands in."),
            ),
            Step(
                noted(
                    "Who stands in finds the tasks in the inbox under the name of the person who is away. It is "
                    "always shown who acted in whose place."
                ),
                "in-place-of",
                noted("The inbox of a stand-in with a task in the place of somebody else."),
            ),
            Step(
                noted(
                    "Whoever cannot stay neutral presses Act on the case page and steps back. Their part ends at once, and a wall goes up."
                ),
                "step-back",
                noted("The question whether to step back from a case."),
            ),
            Step(
                noted(
                    "A wall comes before every right: no task, no notice, no line in a list, no count. It comes "
                    "down only when two people agree."
                ),
                "walls",
                noted("The page Walls with who is kept from which case and why."),
            ),
            Step(
                noted("A stand-in who is kept from a case sees nothing of it in anybody's place."),
                "walled",
                noted("The inbox of a stand-in behind a wall: nothing to do."),
            ),
        ),
    ),
    "working-days": Guide(
        noted("Working days"),
        noted(
            "Some times are counted in working days: two working days from Friday are Tuesday, and a holiday does "
            "not count. Which days those are is kept in one place."
        ),
        (
            Step(noted("Words such as “In 2 working days” on a task mean working days; every other time is counted day by day.")),
            Step(
                noted(
                    "Who looks after the procedures begins a change and opens Rules, roles and words, then Working "
                    "time. Write a day off or a half day there, or weeks in which the office is closed."
                ),
                "working-days",
                noted("The office hours with a day of its own: the date, and what it is."),
            ),
            Step(
                noted("Before you send it, try it: from when, how long, and the page says when that is."),
                "working-days-tried",
                noted("A time worked out in office hours, and the days of the year that are not as usual."),
            ),
            Step(
                noted(
                    "The change lists every running deadline that moves, with the time before and after. A second "
                    "person approves it; then all of them move at once, and the trail keeps it as one act."
                ),
                "working-days-moved",
                noted("The page of the change with the running deadlines that it moves."),
            ),
            Step(noted("A date that a person set by hand stays, and what is stopped for a while moves too.")),
        ),
    ),
}
