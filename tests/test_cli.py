"""The command line, run in process; serving is run as a process of its own."""

from __future__ import annotations

import getpass
import io
import json
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from api import cli, places, wsgi
from api.running import EXTENSION, Parley
from engine import store
from tests.papers import text_of
from tests.rest.calling import ASK, WAIT, process

LIBRARY = places.ROOT / "tests/packs/library"


def _run(*arguments: str) -> int:
    return cli.main([str(one) for one in arguments])


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A data folder of its own."""
    monkeypatch.delenv(places.DATABASE_VARIABLE, raising=False)
    return str(tmp_path / "data")


def _said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_pack_without_faults_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", str(LIBRARY)) == 0
    assert capsys.readouterr().out == "Nothing is wrong.\n"


def test_the_check_names_file_element_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.bpmn").write_bytes(process("small", '<bpmn:sequenceFlow id="f0" sourceRef="begin" targetRef="nowhere"/>'))
    assert _run("check", str(tmp_path)) == 1
    assert "small.bpmn\n  f0: " in capsys.readouterr().out
    assert _run("check", str(tmp_path), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["passed"]
    assert told["refused"] == len(told["problems"]) > 0
    problem = told["problems"][0]
    assert (problem["file"], problem["level"]) == ("small.bpmn", "refuse")
    assert problem["element_id"]
    assert problem["message"]


def test_the_check_as_json_writes_nothing_else_whatever_runs_before_it(tmp_path: Path) -> None:
    """Run as people run it: what sets the checkout up may talk, on standard error only."""
    (tmp_path / "small.bpmn").write_bytes(process("small", '<bpmn:sequenceFlow id="f0" sourceRef="begin" targetRef="nowhere"/>'))
    ran = subprocess.run(
        [sys.executable, "-m", "api", "check", str(tmp_path), "--json"], cwd=places.ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stdout.count("\n") == 1
    assert not json.loads(ran.stdout)["passed"]


def test_a_folder_that_is_not_there_is_a_problem_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", "/nowhere/at/all", "--json") == 1
    told = _said(capsys)
    assert not told["passed"]
    assert "/nowhere/at/all" in json.dumps(told["problems"])


def test_a_broken_pack_file_is_a_problem_not_a_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.toml").write_bytes(b"\xff = nothing")
    assert _run("check", str(tmp_path)) == 1
    assert "pack.toml" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", "/nowhere/at/all") == 1
    assert "/nowhere/at/all" in capsys.readouterr().err


def test_deploying_twice_makes_one_version(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("deploy", str(LIBRARY), "--data", data) == 0
    first = _said(capsys)
    assert first["definitions"] == [{"key": "loan", "version": 1, "created": True}]
    assert _run("deploy", str(LIBRARY), "--data", data) == 0
    assert _said(capsys)["definitions"] == [{"key": "loan", "version": 1, "created": False}]


def test_a_refused_deployment_lists_its_problems(tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.bpmn").write_bytes(ASK.replace(b'sourceRef="begin"', b'sourceRef="nowhere"'))
    assert _run("deploy", str(tmp_path), "--data", data) == 1
    assert "small.bpmn" in capsys.readouterr().err


def test_a_user_and_a_token_are_made(data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough one\n"))
    assert _run("user", "add", "nia", "--name", "Nia Example", "--administrator", "--data", data) == 0
    assert _said(capsys)["login"] == "nia"
    assert _run("token", "add", "nia", "--data", data) == 0
    assert str(_said(capsys)["token"]).startswith("parley_")


def test_a_password_that_is_too_short_is_refused_and_nobody_is_made(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert _run("user", "add", "nia", "--data", data) == 1
    assert "/password" in capsys.readouterr().err
    assert _run("token", "add", "nia", "--data", data) == 1
    assert "no account nia" in capsys.readouterr().err


def test_ending_the_input_where_the_password_is_asked_for_is_answered_in_a_sentence(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def ended(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", ended)
    assert _run("user", "add", "nia", "--data", data) == 1
    assert capsys.readouterr().err == "No password was given; nothing was changed.\n"


def test_migrating_twice_says_that_nothing_was_left_to_do(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("migrate", "--data", data) == 0
    assert _run("migrate", "--data", data) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The database was brought to this version.",
        "The database was at this version already.",
    ]


def test_a_trail_that_was_tampered_with_does_not_verify(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    _run("deploy", str(LIBRARY), "--data", data)
    capsys.readouterr()
    assert _run("verify", "--data", data) == 0
    opened = store.open(places.database_url(Path(data)))
    with opened.unit_of_work() as uow:
        uow.execute(store.audit.tables.audit_entries.update().values(event="nothing_happened"))
        uow.commit()
    opened.close()
    assert _run("verify", "--data", data) == 1


@pytest.mark.parametrize("command", ["demo", "sandbox"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_demo_and_sandbox_are_for_this_machine_only(command: str, host: str, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(command, "--host", host, "--data", data) == 1
    assert "this machine only" in capsys.readouterr().err
    assert not Path(data).exists()


@pytest.mark.parametrize("command", ["serve", "sandbox"])
def test_a_port_in_use_is_said_so(command: str, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert _run(command, "--port", str(taken.getsockname()[1]), "--data", data) == 1
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["fly"], ["serve", "--port", "x"], ["serve", "--port", "99999"], ["user"], []])
def test_what_is_not_understood_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        _run(*arguments)
    assert ended.value.code == 2
    assert "usage: parley" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_sandbox_says_where_it_is_and_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    line = [sys.executable, "-W", "error", "-m", "api.cli", "sandbox", "--data", str(tmp_path)]
    with subprocess.Popen(line, cwd=places.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            ready = json.loads(served.stdout.readline())
            request = urllib.request.Request(f"{ready['url']}/api/v1/roles", headers={"Authorization": f"Bearer {ready['token']}"})
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert json.load(answer) == {"items": [], "next": None}
            served.send_signal(number)
            _, errors = served.communicate(timeout=20)
        finally:
            served.kill()
    assert (served.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []


def _serve(data: str, *more: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-W", "error", "-m", "api.cli", "serve", "--port", "0", "--data", data, *more]
    return subprocess.Popen(line, cwd=places.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _ask(url: str, token: str, path: str, body: object = None) -> dict[str, object]:
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/api/v1{path}", content, headers), timeout=20) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def test_what_was_answered_is_there_after_kill_9_and_timers_go_on(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough one\n"))
    _run("user", "add", "nia", "--administrator", "--data", data)
    capsys.readouterr()
    _run("token", "add", "nia", "--data", data)
    token = str(_said(capsys)["token"])
    (tmp_path / "patient.bpmn").write_bytes(WAIT.replace(b"PT1H", b"PT1S", 1))
    _run("deploy", str(tmp_path), "--data", data)
    with _serve(data) as served:
        assert served.stdout is not None
        url = json.loads(served.stdout.readline())["url"]
        instance = _ask(url, token, "/process-definitions/patient/instances", {})["id"]
        served.kill()
        served.communicate()
    with _serve(data) as served:
        try:
            assert served.stdout is not None
            url = json.loads(served.stdout.readline())["url"]
            entries = f"/audit-entries?instance={instance}&event=element_completed&limit=200"
            for _ in range(600):
                done = [one["element_id"] for one in _ask(url, token, entries)["items"]]  # type: ignore[attr-defined]
                if "wait" in done:
                    break
            assert done == ["begin", "wait"]
            served.send_signal(signal.SIGTERM)
            _, errors = served.communicate(timeout=20)
        finally:
            served.kill()
    assert (served.returncode, errors) == (0, "")


@pytest.mark.parametrize("behind", [True, False], ids=["behind a proxy", "without one"])
def test_what_a_proxy_says_of_a_caller_counts_only_where_there_is_one(behind: bool, data: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _serve(data, "--port", str(port), *(["--url", "https://cases.example.org"] if behind else [])) as served:
        try:
            assert served.stdout is not None
            assert ("https://cases.example.org" in served.stdout.readline()) == behind
            request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    status = answer.status
            except urllib.error.HTTPError as refused:
                status = refused.code
                refused.close()
        finally:
            served.kill()
    assert status == (401 if behind else 200)


def test_a_web_server_of_ones_own_finds_the_same_data(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _run("migrate", "--data", data)
    monkeypatch.setenv("PARLEY_DATA", data)
    monkeypatch.setenv("PARLEY_URL", "https://cases.example.org")
    app = wsgi.application()
    answer = app.test_client().get("/health/ready")
    parley = app.extensions[EXTENSION]
    assert isinstance(parley, Parley)
    parley.store.close()
    assert answer.status_code == 200
    assert "Strict-Transport-Security" in answer.headers


def test_sessions_survive_a_restart_as_their_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    secret = places.session_secret(tmp_path)
    assert places.session_secret(tmp_path) == secret
    assert len(secret) == 32
    assert (tmp_path / "keys" / "session").stat().st_mode & 0o077 == 0


def test_hosts_for_webhooks_are_allowed_listed_and_forbidden(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("host", "allow", "Hooks.Example.org", "--data", data) == 0
    assert _said(capsys) == {"name": "hooks.example.org", "port": 443, "private": False}
    assert _run("host", "allow", "localhost:9000", "--private", "--data", data) == 0
    capsys.readouterr()
    assert _run("host", "list", "--data", data) == 0
    assert capsys.readouterr().out == "hooks.example.org:443\nlocalhost:9000 (private)\n"
    assert _run("host", "forbid", "localhost:9000", "--data", data) == 0
    assert _run("host", "forbid", "localhost", "--data", data) == 1
    for wrong in ("https://hooks.example.org", "a b", "x.org:99999"):
        assert _run("host", "allow", wrong, "--data", data) == 1
    assert "Give the name of a host" in capsys.readouterr().err


def test_a_mail_server_that_cannot_be_used_is_said_so_before_anything_is_served(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(places.MAIL_VARIABLE, "mail.example.org")
    monkeypatch.setenv(places.SENDER_VARIABLE, "office@example.org")
    assert _run("serve", "--data", data, "--port", "0") == 1
    assert "smtp://USER:PASSWORD@HOST:PORT" in capsys.readouterr().err
    monkeypatch.setenv(places.MAIL_VARIABLE, "smtp://mail.example.org")
    found = places.mail_server()
    assert found is not None
    assert (found.host, found.port, found.sender) == ("mail.example.org", 587, "office@example.org")


def test_a_scenario_that_fails_fails_the_check_and_says_at_which_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "library"
    shutil.copytree(LIBRARY, folder)
    (folder / "scenarios").mkdir()
    story = """
        title = "Nobody lends"
        people = { lia = "librarian", ben = "borrower" }
        opening = { by = "lia", with = { bookClass = "sturdy", wish = "Soon" } }
        steps = [{ expect = { ended = true } }]
    """
    (folder / "scenarios" / "wrong.toml").write_text(textwrap.dedent(story))
    assert _run("check", str(folder)) == 1
    assert "scenarios/wrong.toml\n  " in capsys.readouterr().out
    assert _run("check", str(folder), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["passed"]
    assert told["refused"] == 0
    assert told["scenarios"][0]["wrong"][0]["step"] == 1


def test_advice_is_told_and_refuses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "library"
    shutil.copytree(LIBRARY, folder)
    drawn = (folder / "loan.bpmn").read_bytes()
    (folder / "loan.bpmn").write_bytes(drawn.replace(b'id="sign-off-return"', b'id="sign-off-return" parley:shows="C2"', 1))
    assert _run("check", str(folder)) == 0
    assert "  sign-off-return: advice: " in capsys.readouterr().out


def test_a_log_for_process_mining_is_written_and_one_that_breaks_off_gets_no_name(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run("deploy", str(LIBRARY), "--data", data) == 0
    out = tmp_path / "log.xes"
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    assert _run("user", "add", "kim", "--role", "keeper", "--data", data) == 0
    assert _run("event-log", "--out", str(out), "--since", "2026-01-01", "--as", "kim", "--data", data) == 0
    assert out.read_text().endswith("</log>\n")
    assert _run("event-log", "--out", str(out), "--as", "nobody-like-this", "--data", data) == 1
    assert _run("event-log", "--out", str(tmp_path / "no/such/folder.xes"), "--as", "kim", "--data", data) == 1
    assert {one.name for one in tmp_path.glob("*.xes*")} == {"log.xes"}


def test_a_report_is_three_files_and_says_where_they_are(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("deploy", str(LIBRARY), "--data", data) == 0
    capsys.readouterr()
    assert _run("report", "--month", "2026-03", "--out", str(tmp_path), "--data", data) == 0
    names = ["figures-2026-03.pdf", "figures-2026-03.csv", "figures-dictionary.csv"]
    assert capsys.readouterr().out.split() == [str(tmp_path / name) for name in names]
    assert "March 2026" in text_of((tmp_path / names[0]).read_bytes())
    assert "library/lent" in (tmp_path / names[1]).read_text()
    assert "library/joy" in (tmp_path / names[2]).read_text()


@pytest.mark.parametrize(
    "wrong", [["--month", "March"], ["--month", "2026-03", "--as", "nobody"], ["--month", "2026-03", "--out", "/nowhere"]]
)
def test_a_report_that_cannot_be_made_says_why(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    _run("deploy", str(LIBRARY), "--data", data)
    capsys.readouterr()
    assert _run("report", "--out", str(tmp_path), *wrong, "--data", data) != 0
    said = capsys.readouterr()
    assert said.err.strip() or said.out.strip()
    assert "Traceback" not in said.err
