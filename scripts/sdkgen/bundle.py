"""Joins the YAML files of a spec into one JSON document."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.source import Json, Pointer, Source, is_data, is_schema_name, read

ROOT_NAME = "openapi.yaml"
_SECTION_OF_PARENT = {
    "parameters": "parameters",
    "responses": "responses",
    "headers": "headers",
    "examples": "examples",
    "links": "links",
    "callbacks": "callbacks",
    "requestBodies": "requestBodies",
    "securitySchemes": "securitySchemes",
    "pathItems": "pathItems",
}


@dataclass(frozen=True)
class Trap:
    """A plain scalar that YAML 1.1 and YAML 1.2 read differently, with its place."""

    file: str
    line: int
    text: str
    taken_for: str


@dataclass
class Bundle:
    """One spec as one document, and where each of its values was written."""

    directory: Path
    document: dict[str, Json]
    positions: dict[Pointer, tuple[str, int]] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)

    def position(self, pointer: Pointer) -> tuple[str, int]:
        """File (relative to the spec's folder) and line of a value, or of the nearest value around it."""
        while pointer and pointer not in self.positions:
            pointer = pointer[:-1]
        return self.positions.get(pointer, (ROOT_NAME, 1))

    def to_json(self) -> str:
        """The document as text, in the order in which the spec was written."""
        return json.dumps(self.document, indent=2, ensure_ascii=False) + "\n"


def bundle(directory: Path) -> Bundle:
    """Joins the files of one spec.

    Path items are put in place of the reference to them; everything else that stands in another file becomes a
    component named by the last part of its reference, in the order of first use.

    Args:
        directory: The spec's folder, which holds openapi.yaml.

    Returns:
        The document, with references into its own components only.

    Raises:
        SdkgenError: A file or a target is missing, or two different things would get the same component name.
    """
    return _Bundler(directory).run()


class _Bundler:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sources: dict[str, Source] = {}
        self.result = Bundle(directory, {})
        # Where a thing of another file was put: (file, pointer) -> (section, name).
        self.placed: dict[tuple[str, Pointer], tuple[str, str]] = {}
        self.origin: dict[tuple[str, str], tuple[str, Pointer]] = {}
        self.pending: list[tuple[str, str]] = []
        # References being replaced by their targets, to notice a path item that refers to itself.
        self.inlining: list[tuple[str, Pointer]] = []

    def run(self) -> Bundle:
        root = self._source(ROOT_NAME)
        if not isinstance(root.value, dict):
            raise SdkgenError(f"{root.path}:1: not a mapping; an OpenAPI document starts with `openapi: 3.1.0`")
        self._claim_components(root.value)
        document = self._copy(root.value, ROOT_NAME, (), ())
        if not isinstance(document, dict):  # _copy keeps mappings mappings unless they are references
            raise SdkgenError(f"{root.path}:1: the document itself is a reference; write it out")
        self.result.document = document
        self._place_pending()
        for name in sorted(self.sources):
            source = self.sources[name]
            self.result.traps.extend(Trap(name, trap.line, trap.text, trap.taken_for) for trap in source.traps)
        return self.result

    def _source(self, name: str) -> Source:
        if name not in self.sources:
            self.sources[name] = read(self.directory / name)
        return self.sources[name]

    def _claim_components(self, root: dict[str, Json]) -> None:
        """Reserves the root's own component names, so that what is hoisted keeps clear of them.

        An entry that is a mere reference to another file lends its name to the target.
        """
        for section, entries in _mapping(root.get("components")).items():
            for name, entry in _mapping(entries).items():
                place = (section, name)
                target: tuple[str, Pointer] = (ROOT_NAME, ("components", section, name))
                if isinstance(entry, dict) and isinstance(reference := entry.get("$ref"), str):
                    file, pointer = self._target(reference, ROOT_NAME, ("components", section, name))
                    if file != ROOT_NAME:
                        target = (file, pointer)
                self.placed.setdefault(target, place)
                self.origin[place] = target

    def _place_pending(self) -> None:
        components = self.result.document.setdefault("components", {}) if self.pending else {}
        if not isinstance(components, dict):
            raise SdkgenError(f"{self.directory / ROOT_NAME}: components is not a mapping; make it one")
        while self.pending:
            section, name = self.pending.pop(0)
            file, pointer = self.origin[section, name]
            entries = components.setdefault(section, {})
            if isinstance(entries, dict):
                entries[name] = self._copy(
                    self._value(file, pointer, file, pointer), file, pointer, ("components", section, name)
                )

    def _copy(self, value: Json, file: str, pointer: Pointer, out: Pointer) -> Json:
        """Copies a value to its place in the result, resolving the references in it.

        Args:
            value: The value.
            file: The file in which it stands.
            pointer: Its place in that file.
            out: Its place in the result.
        """
        self.result.positions[out] = (file, self._source(file).line(pointer))
        if isinstance(value, list):
            return [self._copy(item, file, (*pointer, index), (*out, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and not is_schema_name((*out, "$ref")):
            return self._reference(reference, value, file, pointer, out)
        result: dict[str, Json] = {}
        for key, item in value.items():
            if is_data((*out, key)):
                self._note(item, file, (*pointer, key), (*out, key))
                result[key] = item
            elif key == "mapping" and pointer[-1:] == ("discriminator",):
                self._note(item, file, (*pointer, key), (*out, key))
                result[key] = {
                    tag: self._link(target, file, (*pointer, key, tag), "schemas")
                    if isinstance(target, str)
                    else target
                    for tag, target in _mapping(item).items()
                }
            else:
                result[key] = self._copy(item, file, (*pointer, key), (*out, key))
        return result

    def _reference(self, reference: str, value: dict[str, Json], file: str, pointer: Pointer, out: Pointer) -> Json:
        target_file, target = self._target(reference, file, pointer)
        is_path_item = len(out) == 2 and out[0] in {"paths", "webhooks"}
        is_claimed = len(out) == 3 and self.origin.get((str(out[1]), str(out[2]))) == (target_file, target)
        if is_path_item or (is_claimed and out[0] == "components"):
            if (target_file, target) in self.inlining:
                raise SdkgenError(f"{self._place(file, pointer)}: {reference} refers to itself; break the circle")
            self.inlining.append((target_file, target))
            copied = self._copy(self._value(target_file, target, file, pointer), target_file, target, out)
            self.inlining.pop()
            return copied
        result: dict[str, Json] = {}
        for key, item in value.items():
            if key == "$ref":
                self._note(item, file, (*pointer, key), (*out, key))
                result[key] = self._link(reference, file, pointer, _section(out))
            else:
                result[key] = self._copy(item, file, (*pointer, key), (*out, key))
        return result

    def _link(self, reference: str, file: str, pointer: Pointer, section: str) -> str:
        """The reference as it reads in the result; its target is hoisted if it stands in another file."""
        if "://" in reference or (file == ROOT_NAME and reference.startswith("#")) or not _looks_like_file(reference):
            return reference
        target_file, target = self._target(reference, file, pointer)
        if target_file == ROOT_NAME:
            return "#/" + "/".join(_escape(str(part)) for part in target)
        place = self.placed.get((target_file, target))
        if place is None:
            place = (section, str(target[-1]) if target else posixpath.splitext(posixpath.basename(target_file))[0])
            value = self._value(target_file, target, file, pointer)
            if place in self.origin:
                self._refuse_clash(place, value, (target_file, target), (file, pointer))
            else:
                self.origin[place] = (target_file, target)
                self.pending.append(place)
            self.placed[target_file, target] = place
        return f"#/components/{place[0]}/{_escape(place[1])}"

    def _refuse_clash(
        self, place: tuple[str, str], value: Json, target: tuple[str, Pointer], user: tuple[str, Pointer]
    ) -> None:
        other = self.origin[place]
        same_folder = posixpath.dirname(other[0]) == posixpath.dirname(target[0])
        if self._value(*other, *user) == value and (same_folder or '"$ref"' not in json.dumps(value)):
            return
        raise SdkgenError(
            f"{self._place(*target)}: {place[0]}/{place[1]} is also defined, differently, at {self._place(*other)}; "
            "rename one of the two, since both become components of one document"
        )

    def _target(self, reference: str, file: str, pointer: Pointer) -> tuple[str, Pointer]:
        path, _, fragment = reference.partition("#")
        if "://" in path or path.startswith("/"):
            raise SdkgenError(
                f"{self._place(file, pointer)}: {reference} leaves the spec's folder; copy the target into the spec"
            )
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        if name.startswith(".."):
            raise SdkgenError(
                f"{self._place(file, pointer)}: {reference} leaves the spec's folder; copy the target into the spec"
            )
        return name, tuple(_unescape(part) for part in fragment.split("/")[1:])

    def _value(self, file: str, target: Pointer, user_file: str, user: Pointer) -> Json:
        value: Json = self._source(file).value
        for part in target:
            if isinstance(value, dict) and part in value:
                value = value[str(part)]
            elif isinstance(value, list) and str(part).isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                raise SdkgenError(
                    f"{self._place(user_file, user)}: {file}#/{'/'.join(map(str, target))} does not exist; "
                    "mend the $ref or add the target"
                )
        return value

    def _note(self, value: Json, file: str, pointer: Pointer, out: Pointer) -> None:
        """Remembers the places of data that is copied as it is."""
        for place in _walk(value, ()):
            self.result.positions[(*out, *place)] = (file, self._source(file).line((*pointer, *place)))

    def _place(self, file: str, pointer: Pointer) -> str:
        return f"{self.directory / file}:{self._source(file).line(pointer)}"


def _walk(value: Json, pointer: Pointer) -> Iterator[Pointer]:
    yield pointer
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*pointer, index))


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _section(out: Pointer) -> str:
    """The section of components to which a reference at this place of the document belongs."""
    if out and out[-1] == "requestBody":
        return "requestBodies"
    if len(out) >= 2 and isinstance(out[-2], str) and not is_schema_name(out) and not is_schema_name(out[:-1]):
        return _SECTION_OF_PARENT.get(out[-2], "schemas")
    return str(out[1]) if len(out) == 3 and out[0] == "components" else "schemas"


def _looks_like_file(reference: str) -> bool:
    """Whether a discriminator's value is a reference; a bare schema name is allowed there too."""
    return "#" in reference or "/" in reference or reference.endswith((".yaml", ".yml", ".json"))


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
