"""Reading plain manifests of anybody: with positions, whatever the kind, through views that never raise.

Belongs here: loading YAML as kubectl reads it, finding the pod template in any object, and `PodView`, through which all rules
look at a Pod. Does not belong here: what is right or wrong. Imports `errors` and `model`.
"""
