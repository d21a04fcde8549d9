"""The front end as set-up left it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.setup import bundle, checkout
from api.setup.steps import SetupFailed

DIST = checkout.ROOT / bundle.WEB / "static" / "dist"


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    assert {"app.js", "viewer.js", "main.css"} <= manifest.keys()
    assert [name for name in manifest.values() if not (DIST / name).is_file()] == []


def test_a_bundled_name_changes_with_its_content_so_that_it_may_be_cached_for_ever() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    assert [plain for plain, hashed in manifest.items() if hashed == plain or not hashed.startswith(Path(plain).stem)] == []


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """The web folder of a small checkout at `tmp_path` whose bundle is current."""
    web = tmp_path / bundle.WEB
    (web / "src").mkdir(parents=True)
    (web / "src" / "app.js").write_text("first")
    (web / "static" / "dist").mkdir(parents=True)
    (web / "static" / "dist" / "manifest.json").write_text("{}")
    (web / "static" / "dist" / ".parley-ready").write_text(bundle._of_sources(tmp_path))
    return web


def test_a_changed_source_makes_the_bundle_stale(tmp_path: Path, bundled: Path) -> None:
    assert bundle.is_current(tmp_path)
    (bundled / "src" / "app.js").write_text("changed")
    assert not bundle.is_current(tmp_path)


def test_a_new_source_makes_the_bundle_stale(tmp_path: Path, bundled: Path) -> None:
    (bundled / "src" / "more.js").write_text("")
    assert not bundle.is_current(tmp_path)


def test_a_bundle_without_its_manifest_is_not_taken_for_whole(tmp_path: Path, bundled: Path) -> None:
    (bundled / "static" / "dist" / "manifest.json").unlink()
    assert not bundle.is_current(tmp_path)


def test_a_missing_node_is_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match="Node is missing"):
        bundle.node_under(tmp_path)


def test_lock_files_and_npm_settings_keep_addresses_and_install_scripts_out() -> None:
    for folder in (checkout.ROOT / bundle.WEB, checkout.ROOT / "tests" / "browser"):
        assert '"resolved"' not in (folder / "package-lock.json").read_text(encoding="utf-8")
        settings = (folder / ".npmrc").read_text(encoding="utf-8").splitlines()
        assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(settings)
