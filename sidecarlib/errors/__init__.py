"""What sidecarlib raises: one root class, and problems that read `what @ where: what to write instead`.

Belongs here: exception classes and the value they carry. Does not belong here: any rule about Kubernetes.
Imports nothing of sidecarlib.
"""

from sidecarlib.errors.problem import InvalidValueError, Problem, Problems, SidecarlibError, SidecarlibWarning

__all__ = ["InvalidValueError", "Problem", "Problems", "SidecarlibError", "SidecarlibWarning"]
