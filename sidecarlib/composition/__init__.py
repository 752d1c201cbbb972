"""Containers and sidecars put together into one Pod: one ordering, one check, one renderer.

`PodSpec` composes onto an empty Pod, `attach` onto somebody's: both go through `composing`. Belongs here: order, what users
of a sidecar get, files as ConfigMaps, the budget of the grace period, and turning findings into errors and warnings.
Does not belong here: single rules, products, cdk8s. Imports `errors`, `model`, `manifests`, `sidecars` and `rules`.
"""
