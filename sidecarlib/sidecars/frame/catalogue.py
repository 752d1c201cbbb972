"""All products of the catalogue, found by walking the package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

import sidecarlib.sidecars as catalogue
from sidecarlib.sidecars.frame.product import Product


@lru_cache(maxsize=1)
def products() -> tuple[Product, ...]:
    """Every product of the catalogue, sorted by the name of its file."""
    names = sorted(module.name for module in pkgutil.iter_modules(catalogue.__path__) if not module.ispkg)
    modules = (importlib.import_module(f"{catalogue.__name__}.{name}") for name in names)
    return tuple(found for module in modules if isinstance(found := getattr(module, "PRODUCT", None), Product))


@lru_cache(maxsize=1024)
def product_of(image: str) -> Product | None:
    """The product that an image holds, or None when the catalogue does not know it."""
    return next((product for product in products() if product.made(image)), None)
