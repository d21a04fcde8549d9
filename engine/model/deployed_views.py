"""What operations answer about procedures that were deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.deployments import Definition, Deployment
from engine.model.errors import Problem
from engine.model.starts import Start


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A process definition in a list: the newest version and how much runs."""

    definition: Definition
    running: int
    incidents: int
    versions: int
    #: running instances by version number
    running_by_version: Mapping[int, int]
    #: how this version starts by itself
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment did. `created` is False for a key whose content was deployed before."""

    deployment: Deployment
    definitions: tuple[tuple[str, int, bool], ...]
    #: what was taken, but is probably not what was meant
    warnings: tuple[Problem, ...] = ()
