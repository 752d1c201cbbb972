"""One rule, one file: what is wrong, why, since which version, and manifests that are its tests and its documentation.

Rules read rendered manifests through `PodView` alone, so that composition, `lint` and `migrate` share them. They do not know
each other; what they share is in `frame/`. They are found by walking the folders beside it. Imports `errors`, `model`,
`manifests` and `sidecars`.
"""
