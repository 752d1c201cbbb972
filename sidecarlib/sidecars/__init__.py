"""The catalogue: one product, one file.

A product's file holds its image with the version it was checked against, a frozen dataclass of its real options, the
container it becomes, what it offers others (`env()`, `mounts()`, `file()`), and a `PRODUCT` that recognises it in somebody's
manifest. Products do not know each other; what they share is in `frame/`. Imports `errors`, `model` and `manifests`.
"""
