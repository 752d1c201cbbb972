"""Renders every example into one file of dist/ each: `make synth`, or `cdk8s synth` at the root.

An example is a folder `NN-some-name` with the file `some_name.py` and its charts in it; README.md beside this file has
the conventions.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

from cdk8s import App, Chart

EXAMPLES = Path(__file__).resolve().parent


def example_folders() -> list[Path]:
    """Return the numbered folders, in order."""
    return sorted(folder for folder in EXAMPLES.iterdir() if re.match(r"\d", folder.name))


def source_of(folder: Path) -> Path:
    """Return the Python file of an example: its folder's name without the number, in snake_case."""
    return folder / f"{folder.name.partition('-')[2].replace('-', '_')}.py"


def load(folder: Path) -> ModuleType:
    """Import the Python file of an example."""
    specification = importlib.util.spec_from_file_location(folder.name, source_of(folder))
    if specification is None or specification.loader is None or not source_of(folder).is_file():
        raise SystemExit(
            f"examples/{folder.name} has no {source_of(folder).name}: an example's file is named for its folder"
        )
    module = importlib.util.module_from_spec(specification)
    sys.modules[folder.name] = module
    specification.loader.exec_module(module)
    return module


def charts_of(module: ModuleType) -> dict[str, type[Chart]]:
    """Return the charts that a module defines, by id, in the order written.

    One chart has the folder's name as its id; several have it and their own: `Staging` in `10-shop` is
    `10-shop-staging`. A chart that another chart of the module extends is not one of them.
    """
    own = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Chart) and value.__module__ == module.__name__
    ]
    charts = [chart for chart in own if not any(issubclass(other, chart) for other in own if other is not chart)]
    if not charts:
        raise SystemExit(f"examples/{module.__name__} defines no cdk8s Chart")
    if len(charts) == 1:
        return {module.__name__: charts[0]}
    return {f"{module.__name__}-{kebab_case(chart.__name__)}": chart for chart in charts}


def kebab_case(class_name: str) -> str:
    """Return `WebShop` as `web-shop`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", class_name).lower()


def main() -> None:
    """Add the charts of every example to one app and render it."""
    app = App()
    for folder in example_folders():
        for chart_id, chart in charts_of(load(folder)).items():
            chart(app, chart_id)
    app.synth()


if __name__ == "__main__":
    main()
