"""The files of one deployment, read and checked together; pure but for looking up what is deployed already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field

from engine import bpmn, clock, dmn, forms, packs, scenarios
from engine.bpmn import starting
from engine.language import kept, say
from engine.model.deployments import Definition, Resource
from engine.model.errors import Level, ModelRefused, Problem
from engine.model.execution import ProcessModel
from engine.model.forms import Form
from engine.model.packs import Pack
from engine.model.starts import StartKind
from engine.operations import file_names, values, vocabulary

#: called processes deep; a longer chain of calls is refused by the check for cycles or here
DEPTH = 50
_KINDS = {"bpmn": "bpmn", "dmn": "dmn", "json": "form", "toml": "pack"}
_UNKNOWN = kept("Send only .bpmn, .dmn, .json (forms), pack.toml and scenarios/*.toml files.")
Latest = Callable[[str], Definition | None]
Live = Callable[[str], Pack | None]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything of one deployment, by name or key. With any problem of level refuse it is to be refused."""

    files: Mapping[str, bytes]
    pack: Pack | None
    processes: tuple[ProcessModel, ...]
    forms: Mapping[str, tuple[str, Form]]
    decisions: Mapping[str, tuple[str, bytes]]
    #: processes deployed earlier that these call
    earlier: Mapping[str, Definition] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether anything keeps it from being deployed."""
        return any(problem.level is Level.REFUSE for problem in self.problems)

    @property
    def by_key(self) -> dict[str, ProcessModel]:
        """The processes by key."""
        return {model.key: model for model in self.processes}


def kind(name: str) -> str:
    """What a file is, by its ending and folder: bpmn, dmn, form, pack, scenario; "" for anything else."""
    folder, _, base = name.rpartition("/")
    if base.endswith(".toml") and base != "pack.toml":
        return "scenario" if folder.rsplit("/", 1)[-1] == "scenarios" else ""
    return _KINDS.get(base.rsplit(".", 1)[-1].lower(), "")


def wrong_name(name: str) -> str | None:
    """What is wrong with the name of a file that is to be kept, in a sentence; None when nothing is."""
    unlike = (
        None
        if kind(name)
        else say("“{name}” is no file of a pack. {endings}", name=file_names.shown(name), endings=say(file_names.ENDINGS))
    )
    return file_names.wrong(name) or unlike


def process_keys(files: Mapping[str, bytes], *, executable: bool = False) -> tuple[str, ...]:
    """The keys of the processes in the .bpmn files, as far as they can be read; on demand only of those that can be run."""
    reading = bpmn.read({name: content for name, content in files.items() if kind(name) == "bpmn"})
    return tuple(model.key for model in reading.processes if model.executable or not executable)


def warnings(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What is taken, but is probably not what was meant: a process that is not marked to be run."""
    reading = bpmn.read({name: content for name, content in files.items() if kind(name) == "bpmn"})
    return tuple(
        Problem(
            model.file,
            model.key,
            "not-executable",
            kept("“{name}” is kept and not run; set in its diagram that it can be run (isExecutable).", name=model.name),
        )
        for model in reading.processes
        if not model.executable
    )


def read(files: Mapping[str, bytes], latest: Latest, live: Live = lambda _key: None) -> Bundle:
    """Read and check all files. `latest` looks up the newest approved version of a process deployed earlier, `live` the
    pack whose rules hold for changes of it."""
    problems = [Problem(name, None, "unknown-file", _UNKNOWN) for name in files if not kind(name)]
    problems += [Problem(name, None, "bad-name", wrong) for name in files if kind(name) and (wrong := file_names.wrong(name))]
    problems += scenarios.read({name: content for name, content in files.items() if kind(name) == "scenario"}).problems
    if not any(kind(name) == "bpmn" for name in files):
        problems.append(Problem("", None, "no-process", kept("There is no diagram yet; draw one, or take in a .bpmn file.")))
    reading = bpmn.read({name: content for name, content in files.items() if kind(name) == "bpmn"})
    problems += reading.problems
    read_forms = _forms(files, problems)
    decisions = _decisions(files, problems)
    pack = _pack(files, problems)
    known = {model.key: model for model in reading.processes if model.executable}
    earlier = _earlier(known, latest)
    whole = {**known, **{key: vocabulary.as_model(row) for key, row in earlier.items()}}
    if not reading.problems:
        problems += bpmn.check_closure(whole, frozenset(decisions), frozenset(read_forms))
        problems += vocabulary.problems(tuple(known.values()))
        problems += _of_others(known, latest, pack, live)
        problems += _self_starts(files, known, pack)
        if pack is not None:
            missing = {(one.file, one.element_id) for one in problems if one.code == "form-missing"}
            found = packs.check(pack, {k: f for k, (_, f) in read_forms.items()}, tuple(known.values()))
            # The closure has said of these elements already that their form is not there.
            problems += [one for one in found if one.code != "unknown-form" or (one.file, one.element_id) not in missing]
    elif pack is not None:
        broken = {one.file for one in reading.problems}
        sound = tuple(model for model in known.values() if model.file not in broken)
        problems += packs.check_apart(pack, {key: form for key, (_, form) in read_forms.items()}, sound)
    active = live(pack.key) if pack is not None else None
    if pack is not None and not reading.problems:
        plain = {key: form for key, (_, form) in read_forms.items()}
        problems += packs.lint(pack, plain, tuple(known.values()), clock.now(), active=active)
    problems = _first_things_first(packs.levelled(problems, pack, active))
    return Bundle(files, pack, tuple(known.values()), read_forms, decisions, earlier, tuple(problems))


def _first_things_first(problems: Iterable[Problem]) -> list[Problem]:
    """Without advice about what is refused anyway: mostly it follows from the refusal, and goes when that is solved."""
    found = list(problems)
    refused = {(one.file, one.element_id) for one in found if one.level is Level.REFUSE and one.element_id}
    return [one for one in found if one.level is Level.REFUSE or (one.file, one.element_id) not in refused]


def _of_others(known: Mapping[str, ProcessModel], latest: Latest, pack: Pack | None, live: Live) -> list[Problem]:
    """Processes that another pack has: a pack that brought one along would take it over under its own rules."""
    found = []
    for key, model in known.items() if pack is not None else ():
        row = latest(key)
        owner = live(row.pack) if row is not None and row.pack not in (None, pack.key if pack else None) else None
        if owner is not None:
            message = kept(
                "“{key}” is the id of a procedure of “{title}”. Give this one another id, or change that one in its own pack.",
                key=key,
                title=owner.title,
            )
            found.append(Problem(model.file, key, "of-another-pack", message))
    return found


def _self_starts(files: Mapping[str, bytes], known: Mapping[str, ProcessModel], pack: Pack | None) -> list[Problem]:
    """Start events that could never start, given the settings; and cases that would begin without the people they need."""
    if pack is None and any(kind(name) == "pack" for name in files):
        return []
    settings = packs.settings_values(pack, {}) if pack is not None else {}
    found = [problem for model in known.values() for problem in starting.check_settings(model, settings, clock.now())]
    model = known.get(pack.case.process) if pack is not None and pack.case.required_participants else None
    for start in model.starts if model is not None else ():
        if start.kind is not StartKind.NONE:
            message = kept(
                "Cases of this pack begin with people, so their procedure cannot begin by itself; draw a procedure of its own for this."
            )
            found.append(Problem(model.file if model else "", start.element_id, "start-needs-people", message))
    return found


def _forms(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, tuple[str, Form]]:
    found: dict[str, tuple[str, Form]] = {}
    for name, content in files.items():
        if kind(name) == "form":
            form, wrong = forms.read(content, file=name)
            problems += wrong
            if form is not None:
                found[form.key] = (name, form)
    return found


def _decisions(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for name, content in files.items():
        if kind(name) == "dmn":
            try:
                model = dmn.load(content)
            except ModelRefused as refused:
                problems += [Problem(name, p.element_id, p.code, p.message) for p in refused.problems]
            else:
                found |= dict.fromkeys(model.decisions, (name, content))
    return found


def _pack(files: Mapping[str, bytes], problems: list[Problem]) -> Pack | None:
    for name, content in files.items():
        if kind(name) == "pack":
            pack, wrong = packs.read(content, file=name)
            problems += wrong
            return None if wrong else pack
    return None


def _earlier(known: Mapping[str, ProcessModel], latest: Latest) -> dict[str, Definition]:
    """Called processes that are not among the files but were deployed before, with what they call in turn."""
    found: dict[str, Definition] = {}
    wanted = {key for model in known.values() for key in model.calls} - known.keys()
    for _ in range(DEPTH):
        rows = {key: row for key in wanted - found.keys() if (row := latest(key)) is not None}
        if not rows:
            break
        found |= rows
        wanted = {k for row in rows.values() for k in vocabulary.as_model(row).calls} - known.keys()
    return found


def closure(bundle: Bundle, key: str) -> dict[str, ProcessModel]:
    """A process of the bundle and every one it calls, directly or not, by key."""
    whole = {**bundle.by_key, **{k: vocabulary.as_model(row) for k, row in bundle.earlier.items()}}
    found: dict[str, ProcessModel] = {}
    left = [key]
    while left:
        one = left.pop()
        if one not in found and one in whole:
            found[one] = whole[one]
            left += whole[one].calls
    return found


def closure_digest(bundle: Bundle, key: str) -> str:
    """SHA-256 over all a process is pinned to: its closure's diagrams, forms and decisions, and the settings."""
    models = closure(bundle, key)
    whole = hashlib.sha256(bundle.by_key[key].source)
    for name in sorted(models):
        whole.update(f"\n{name}:{hashlib.sha256(models[name].normalised).hexdigest()}".encode())
    for form in sorted({f for model in models.values() for f in model.forms} & bundle.forms.keys()):
        whole.update(f"\n{form}:{bundle.forms[form][1].digest}".encode())
    for decision in sorted({d for model in models.values() for d in model.decisions} & bundle.decisions.keys()):
        whole.update(f"\n{decision}:{hashlib.sha256(bundle.decisions[decision][1]).hexdigest()}".encode())
    for setting, value in sorted(settings(bundle).items()):
        whole.update(f"\n{setting}={value!r}".encode())
    return whole.hexdigest()


def settings(bundle: Bundle) -> dict[str, object]:
    """The pack's settings in FEEL's lossless JSON."""
    if bundle.pack is None:
        return {}
    return values.tagged(packs.settings_values(bundle.pack, {}))


def manifest(bundle: Bundle, key: str, rows: Mapping[str, Definition], resources: Mapping[str, Resource]) -> dict[str, object]:
    """What a version is pinned to, as plain JSON: ids of processes, forms and decisions; settings; elements."""
    models = closure(bundle, key)
    pinned = {k: (rows[k] if k in rows else bundle.earlier[k]).id for k in models}
    wanted_forms = {f for model in models.values() for f in model.forms} & bundle.forms.keys()
    wanted = {d for model in models.values() for d in model.decisions} & bundle.decisions.keys()
    found: dict[str, object] = {
        "processes": pinned,
        "forms": {form: resources[bundle.forms[form][0]].id for form in sorted(wanted_forms)},
        "decisions": {one: resources[bundle.decisions[one][0]].id for one in sorted(wanted)},
        "settings": settings(bundle),
        "elements": {k: _elements(model) for k, model in models.items()},
        "model": vocabulary.summary(bundle.by_key[key]),
    }
    for earlier in (bundle.earlier[k] for k in models if k in bundle.earlier):
        _inherit(found, earlier)
    return found


def _inherit(found: dict[str, object], earlier: Definition) -> None:
    """A process deployed earlier brings the forms and decisions that it was pinned to."""
    theirs = earlier.manifest
    assert isinstance(theirs, dict)
    for part in ("forms", "decisions"):
        ours = found[part]
        assert isinstance(ours, dict)
        for key, ref in theirs[part].items():
            ours.setdefault(key, ref)


def _elements(model: ProcessModel) -> dict[str, object]:
    """Elements as plain JSON; sets serve checks between files only and are not kept."""
    return {element.id: _kept(asdict(element)) for element in model.elements}


def _kept(element: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in element.items() if key != "id" and value and not isinstance(value, frozenset)}
