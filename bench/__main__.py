"""`python -m bench [SECTION...]`: runs every module here that has a `main`, or those named."""

import importlib
import pkgutil
import sys

import bench


def main() -> None:
    """Run the sections in the order of their names."""
    names = sys.argv[1:] or sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    for name in names:
        section = getattr(importlib.import_module(f"bench.{name}"), "main", None)
        if section is not None and name != "__main__":
            print(f"== {name}", flush=True)
            section()


if __name__ == "__main__":
    main()
