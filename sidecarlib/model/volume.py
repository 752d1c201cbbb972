"""Volumes of a Pod, and where a container mounts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.image import image_problem
from sidecarlib.model.names import dns_label, dns_subdomain, file_key, inner_path
from sidecarlib.model.projection import Projection, pod_fields
from sidecarlib.model.quantity import canonical, quantity_problem

__all__ = ["Volume", "VolumeMount"]

HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One entry of a Pod's `volumes`: a name and a source, made by one of the factories.

    A volume reaches the Pod with whoever mounts it. `provider` is the container name of the sidecar that fills it:
    whoever mounts the volume starts after that one. `source` is empty for a volume that the workload itself brings
    (a StatefulSet's claim template).
    """

    name: str
    source: Mapping[str, Any] = EMPTY
    provider: str | None = None

    def __post_init__(self) -> None:
        checks = Checks(f"Volume {self.name!r}")
        checks.text("name", self.name, syntax=dns_label)
        assign(self, source=checks.mapping("source", self.source))
        if len(self.source) > 1:
            checks.add(f"{len(self.source)} sources", "source", f"keep one of {', '.join(self.source)}")
        checks.optional_text("provider", self.provider)
        checks.raise_if_any()

    @classmethod
    def empty_dir(cls, name: str, *, medium: str | None = None, size_limit: str | None = None) -> Volume:
        """An empty directory that lives as long as the Pod; `medium="Memory"` keeps it in memory, `size_limit` is a quantity."""
        checks = Checks(f"Volume {name!r}")
        checks.choice("medium", medium, ("Memory", "HugePages"))
        if size_limit is not None and (instead := quantity_problem(size_limit)) is not None:
            checks.add(f"invalid size_limit {size_limit!r}", "size_limit", instead)
        checks.raise_if_any()
        source: dict[str, Any] = {} if medium is None else {"medium": medium}
        if size_limit is not None:
            source["sizeLimit"] = canonical(str(size_limit))
        return cls(name=name, source={"emptyDir": source})

    @classmethod
    def config_map(
        cls,
        name: str,
        *,
        config_map: str,
        items: Mapping[str, str] = EMPTY,
        default_mode: int | None = None,
        optional: bool | None = None,
    ) -> Volume:
        """The files of a ConfigMap; `items` maps a key to a relative path, `default_mode` is an octal int such as 0o444."""
        return cls(
            name=name, source={"configMap": _files({"name": config_map}, name, items, default_mode, optional=optional)}
        )

    @classmethod
    def secret(
        cls,
        name: str,
        *,
        secret: str,
        items: Mapping[str, str] = EMPTY,
        default_mode: int | None = None,
        optional: bool | None = None,
    ) -> Volume:
        """The files of a Secret; `items` maps a key to a relative path, `default_mode` is an octal int such as 0o400."""
        return cls(
            name=name, source={"secret": _files({"secretName": secret}, name, items, default_mode, optional=optional)}
        )

    @classmethod
    def persistent_volume_claim(cls, name: str, *, claim_name: str, read_only: bool = False) -> Volume:
        """An existing PersistentVolumeClaim."""
        checks = Checks(f"Volume {name!r}")
        checks.text("claim_name", claim_name, syntax=dns_subdomain)
        checks.flag("read_only", read_only)
        checks.raise_if_any()
        source: dict[str, Any] = {"claimName": claim_name}
        if read_only:
            source["readOnly"] = True
        return cls(name=name, source={"persistentVolumeClaim": source})

    @classmethod
    def projected(cls, name: str, *, sources: Sequence[Projection], default_mode: int | None = None) -> Volume:
        """Several sources in one directory: service account tokens, Secrets, ConfigMaps, fields of the Pod."""
        checks = Checks(f"Volume {name!r}")
        parts = checks.items("sources", sources, Projection)
        checks.optional_integer("default_mode", default_mode, maximum=0o777)
        checks.raise_if_any()
        source: dict[str, Any] = {"sources": [part.render() for part in parts]}
        if default_mode is not None:
            source["defaultMode"] = default_mode
        return cls(name=name, source={"projected": source})

    @classmethod
    def downward_api(cls, name: str, *, fields: Mapping[str, str]) -> Volume:
        """Fields of the Pod as files: `{"labels": "metadata.labels"}` maps a relative path to a field."""
        return cls(name=name, source={"downwardAPI": {"items": pod_fields(f"Volume {name!r}", fields)}})

    @classmethod
    def host_path(cls, name: str, *, path: str, type: str | None = None) -> Volume:  # noqa: A002 - the field's own name
        """A path of the node; the `restricted` and `baseline` Pod Security Standards refuse it."""
        checks = Checks(f"Volume {name!r}")
        checks.path("path", path)
        if isinstance(path, str) and ".." in path.split("/"):
            checks.add(f"{path!r} goes back", "path", "write it without '..'")
        checks.choice("type", type, HOST_PATH_TYPES)
        checks.raise_if_any()
        return cls(name=name, source={"hostPath": {"path": path} if type is None else {"path": path, "type": type}})

    @classmethod
    def csi(
        cls, name: str, *, driver: str, read_only: bool | None = None, attributes: Mapping[str, str] = EMPTY
    ) -> Volume:
        """An inline volume of a CSI driver, such as the Secrets Store driver."""
        checks = Checks(f"Volume {name!r}")
        checks.text("driver", driver, syntax=lambda text: dns_subdomain(text.lower()))
        checks.flag("read_only", read_only)
        handed_on = checks.text_mapping("attributes", attributes)
        checks.raise_if_any()
        source: dict[str, Any] = {"driver": driver}
        if read_only is not None:
            source["readOnly"] = read_only
        if handed_on:
            source["volumeAttributes"] = handed_on
        return cls(name=name, source={"csi": source})

    @classmethod
    def nfs(cls, name: str, *, server: str, path: str, read_only: bool = False) -> Volume:
        """A directory of an NFS server."""
        checks = Checks(f"Volume {name!r}")
        checks.text("server", server)
        checks.flag("read_only", read_only)
        if not isinstance(path, str) or not path.startswith("/"):
            checks.add(f"{path!r} is no absolute path", "path", "write a path that starts with '/'")
        checks.raise_if_any()
        source: dict[str, Any] = {"server": server, "path": path}
        return cls(name=name, source={"nfs": {**source, "readOnly": True} if read_only else source})

    @classmethod
    def image(cls, name: str, *, reference: str, pull_policy: str | None = None) -> Volume:
        """The files of an OCI image, read-only (Kubernetes 1.33 beta, 1.35 on by default, stable in 1.36)."""
        checks = Checks(f"Volume {name!r}")
        checks.text("reference", reference, syntax=image_problem)
        checks.choice("pull_policy", pull_policy, ("Always", "IfNotPresent", "Never"))
        checks.raise_if_any()
        source = (
            {"reference": reference} if pull_policy is None else {"reference": reference, "pullPolicy": pull_policy}
        )
        return cls(name=name, source={"image": source})

    @classmethod
    def ephemeral(cls, name: str, *, claim: Mapping[str, Any]) -> Volume:
        """A claim made for this Pod alone; `claim` is the spec of a PersistentVolumeClaim."""
        checks = Checks(f"Volume {name!r}")
        spec = checks.mapping("claim", claim)
        if not spec and not checks.noted:
            checks.add("an empty claim", "claim", "write accessModes and resources of a PersistentVolumeClaim's spec")
        checks.raise_if_any()
        return cls(name=name, source={"ephemeral": {"volumeClaimTemplate": {"spec": spec}}})

    def provided_by(self, sidecar: str) -> Volume:
        """The same volume, whose users start after the container named `sidecar`."""
        return replace(self, provider=sidecar)

    def mount(
        self,
        path: str,
        *,
        read_only: bool = False,
        sub_path: str | None = None,
        sub_path_expr: str | None = None,
        mount_propagation: str | None = None,
    ) -> VolumeMount:
        """This volume at an absolute `path` of a container."""
        return VolumeMount(
            volume=self,
            mount_path=path,
            read_only=read_only,
            sub_path=sub_path,
            sub_path_expr=sub_path_expr,
            mount_propagation=mount_propagation,
        )

    def render(self) -> dict[str, Any]:
        """The entry of a Pod's `volumes`."""
        return {"name": self.name, **thaw(self.source)}


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeMount:
    """A volume at an absolute path of a container; made by `volume.mount(path, …)`.

    `reads` are the absolute paths of the files that are wanted there: the provider of the volume has to render them. They are
    set by `RenderedFile.mount()` and reach no manifest.
    """

    volume: Volume = field(repr=False)
    mount_path: str
    read_only: bool = False
    sub_path: str | None = None
    sub_path_expr: str | None = None
    mount_propagation: str | None = None
    reads: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        checks = Checks(f"mount of {getattr(self.volume, 'name', self.volume)!r}")
        checks.instance("volume", self.volume, Volume, "Volume")
        checks.path("mount_path", self.mount_path)
        checks.flag("read_only", self.read_only)
        for name in ("sub_path", "sub_path_expr"):
            inner = getattr(self, name)
            checks.optional_text(name, inner)
            if isinstance(inner, str) and inner and (instead := inner_path(inner)) is not None:
                checks.add(f"{inner!r} leaves the volume", name, instead)
        if self.sub_path and self.sub_path_expr:
            checks.add("two sub paths", "sub_path_expr", "leave one of the two out")
        checks.choice("mount_propagation", self.mount_propagation, ("None", "HostToContainer", "Bidirectional"))
        if self.reads:
            assign(self, reads=checks.texts("reads", self.reads))
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """The entry of a container's `volumeMounts`."""
        rendered: dict[str, Any] = {"name": self.volume.name, "mountPath": self.mount_path}
        if self.read_only:
            rendered["readOnly"] = True
        if self.sub_path is not None:
            rendered["subPath"] = self.sub_path
        if self.sub_path_expr is not None:
            rendered["subPathExpr"] = self.sub_path_expr
        if self.mount_propagation is not None:
            rendered["mountPropagation"] = self.mount_propagation
        return rendered


def _files(
    source: dict[str, Any], name: str, items: Mapping[str, str], default_mode: int | None, *, optional: bool | None
) -> dict[str, Any]:
    checks = Checks(f"Volume {name!r}")
    for key, value in source.items():
        checks.text(key, value, syntax=dns_subdomain)
    paths = checks.text_mapping("items", items, key=file_key, text=inner_path)
    checks.optional_integer("default_mode", default_mode, maximum=0o777)
    checks.flag("optional", optional)
    checks.raise_if_any()
    if paths:
        source["items"] = [{"key": key, "path": path} for key, path in paths.items()]
    if default_mode is not None:
        source["defaultMode"] = default_mode
    if optional is not None:
        source["optional"] = optional
    return source
