"""What a store holds: on its near shelf (a folder), and on the far one of a store that machines share."""

from __future__ import annotations

import math
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockpot.alive import is_alive, since
from stockpot.artefact import DAMAGE, MANIFEST, Manifest, read_manifest
from stockpot.errors import FolderError
from stockpot.keeper import ABANDONED_SECONDS
from stockpot.remote import Remote
from stockpot.shelf import STAGES, Entry, Litter, Shelf, damage
from stockpot.store import FORGOTTEN_SECONDS, Store, told

KEY = re.compile(r"[0-9a-f]{32}")


def shelves(store: Store) -> list[Shelf]:
    """The far side first."""
    near = Near(store)
    return [Far(store.remote, near), near] if store.remote else [near]


@dataclass(frozen=True)
class Near:
    """A folder: a store, or the mirror of one."""

    store: Store

    @property
    def name(self) -> str:
        mirrored = f"The mirror of {self.store.location}, " if self.store.remote else ""
        return f"{mirrored}{self.store.root}"

    def now(self) -> float:
        """By the disk's clock, which may be another machine's."""
        probe = self.store.root / f".{secrets.token_hex(4)}.clock"
        try:
            probe.touch()
            return probe.stat().st_mtime
        except OSError:
            return time.time()
        finally:
            with suppress(OSError):
                probe.unlink()

    def busy_since(self) -> float:
        """When the oldest of this machine's living cooks began."""
        return since(self.store.running)

    def entries(self, *, names: bool = True) -> list[Entry]:
        """Whole or not."""
        del names
        folders = [
            f for stage in STAGES for f in sorted((self.store.root / stage).glob("[!.]*")) if f.is_dir()
        ]
        return [entry for entry in map(_near_entry, folders) if entry]

    def damage(self, entry: Entry) -> str:
        """What is wrong, or nothing."""
        folder = self.store.folder(entry.stage, entry.key)
        try:
            return damage(lambda name, _: (folder / name).read_bytes())
        except OSError as error:
            return f"{Path(error.filename or folder).name} cannot be read ({error.strerror})"

    def remove(self, entry: Entry) -> None:
        """FolderError if the store cannot be written."""
        try:
            self.store.remove(entry.stage, entry.key)
        except OSError as error:
            raise told(error, self.store.root) from None

    def litter(self, now: float) -> list[Litter]:
        """Abandoned halves, states of trainings, progress, and records of artefacts that are gone."""
        root, busy = self.store.root, self.busy_since()
        records = [(path, _named(path)) for path in root.glob("results/*") if KEY.fullmatch(path.name)]
        kept = {entry.key for entry in self.entries()}

        def old(path: Path, seconds: float) -> bool:
            with suppress(FileNotFoundError):  # it went away meanwhile
                changed = path.stat().st_mtime
                return now - changed > seconds and changed < busy
            return False

        found = [p for stage in STAGES for p in root.glob(f"{stage}/.*.part") if old(p, FORGOTTEN_SECONDS)]
        found = [path for path in found if not is_alive(path)]
        found += [p for p in root.glob("partial/*") if p.stem in kept or old(p, ABANDONED_SECONDS)]
        found += [path for path in root.glob("progress/*") if old(path, FORGOTTEN_SECONDS)]
        found += [path for path, keys in records if not keys & kept]
        found += [path for path in root.glob("running/*") if not is_alive(path)]
        return [Litter(str(path), _size(path)) for path in found]

    def discard(self, litter: Litter) -> None:
        """FolderError if the store cannot be written."""
        path = Path(litter.place)
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise told(error, self.store.root) from None


@dataclass(frozen=True)
class Far:
    """The far side of a shared store; ``mirror`` knows of this machine's cooks."""

    remote: Remote
    mirror: Near

    @property
    def name(self) -> str:
        return self.remote.url

    def now(self) -> float:
        """By the far side's clock, as far as it may be written."""
        place = self.remote.at(f".{secrets.token_hex(4)}.clock")
        try:
            self.remote.put(place, b"?")
            return self.remote.written(place)
        except Exception:  # noqa: BLE001 - then by this machine's
            return time.time()
        finally:
            with suppress(Exception):
                self.remote.files.rm_file(place)

    def busy_since(self) -> float:
        """The mirror's, in the far side's time."""
        begun = self.mirror.busy_since()
        return begun if math.isinf(begun) else begun + self.now() - self.mirror.now()

    def entries(self, *, names: bool) -> list[Entry]:
        """Those with a manifest. Tables' names cost reading every manifest."""
        found = []
        for stage, key, objects in self._objects():
            if MANIFEST in objects:
                of = self._of(stage, key) if names else ""
                size = sum(int(about["size"]) for about in objects.values())
                written = _written(objects[MANIFEST])
                found.append(Entry(stage, key, of, size, written, written))
        return found

    def damage(self, entry: Entry) -> str:
        """What is wrong, or nothing. Everything is downloaded for it."""

        def read(name: str, nonce: str) -> bytes:
            parts = (nonce, name) if nonce else (name,)
            return self.remote.read(self.remote.at(entry.stage, entry.key, *parts))

        return damage(read)

    def remove(self, entry: Entry) -> None:
        """FolderError if it may not be written."""
        self.remote.forget(entry.stage, entry.key)

    def litter(self, now: float) -> list[Litter]:
        """Uploads that ended in the middle, or that another maker's were preferred to."""
        found = []
        for stage, key, objects in self._objects():
            named = self._nonce(stage, key) if MANIFEST in objects else ""
            for name, about in objects.items():
                if name == MANIFEST or name.partition("/")[0] == named:
                    continue
                if now - _written(about) > FORGOTTEN_SECONDS:
                    found.append(Litter(self.remote.at(stage, key, name), int(about["size"])))
        return found

    def discard(self, litter: Litter) -> None:
        """FolderError if it may not be written."""
        with self.remote.world(), suppress(FileNotFoundError):
            self.remote.files.rm_file(litter.place)

    def _objects(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(stage, key, name below the key -> what is known of the object)."""
        for stage in STAGES:
            top = self.remote.at(stage)
            found = self._found(top)
            keys: dict[str, dict[str, Any]] = {}
            for path, about in found.items():
                key, _, name = str(path)[len(top) + 1 :].partition("/")
                if name and about["type"] == "file":
                    keys.setdefault(key, {})[name] = about
            for key, objects in sorted(keys.items()):
                yield stage, key, objects

    def _found(self, top: str) -> dict[str, Any]:
        try:
            with self.remote.world():
                return dict(self.remote.files.find(top, detail=True))
        except FileNotFoundError as error:
            raise FolderError(
                f"There is no store at {self.remote.url} ({error}): make its bucket, or name another one "
                "with --store."
            ) from None

    def _manifest(self, stage: str, key: str) -> Manifest | None:
        try:
            return Manifest.from_json(self.remote.read(self.remote.at(stage, key, MANIFEST)))
        except DAMAGE as error:
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise
            return None

    def _of(self, stage: str, key: str) -> str:
        manifest = self._manifest(stage, key)
        return manifest.of if manifest else ""

    def _nonce(self, stage: str, key: str) -> str:
        manifest = self._manifest(stage, key)
        return manifest.nonce if manifest else ""


def _near_entry(folder: Path) -> Entry | None:
    """None if it went away meanwhile."""
    try:
        used = folder.stat().st_mtime
        manifest = folder / MANIFEST
        made = manifest.stat().st_mtime if manifest.exists() else used
        return Entry(folder.parent.name, folder.name, _of(folder), _size(folder), made, used)
    except OSError:
        return None


def _of(folder: Path) -> str:
    try:
        return read_manifest(folder).of
    except DAMAGE:
        return ""


def _size(path: Path) -> int:
    total = 0
    for file in path.rglob("*") if path.is_dir() else [path]:
        with suppress(FileNotFoundError):  # it went away meanwhile
            total += file.stat().st_size if file.is_file() else 0
    return total


def _named(record: Path) -> set[str]:
    """The keys that the workflow's record of a task names: its own name is one, or the digest of several."""
    try:
        return {record.name, *KEY.findall(record.read_text(encoding="utf-8"))}
    except (OSError, ValueError):
        return {record.name}


def _written(about: dict[str, Any]) -> float:
    """When an object was written: S3 tells a date, a disk seconds."""
    when = about.get("LastModified", about.get("mtime", about.get("created", 0.0)))
    return float(when.timestamp() if hasattr(when, "timestamp") else when)
