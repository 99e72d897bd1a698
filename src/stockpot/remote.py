"""The far side of a store that machines share: an object store, or whatever fsspec reaches.

    <stage>/<key>/manifest.json       the digests of an artefact's files, and the nonce of their maker
    <stage>/<key>/<nonce>/<file>      the files

The files go first, each maker's into a folder of its own; the manifest goes last and in one piece. So half an
upload is never read, and two makers of one key do no harm. What is fetched is checked by its digests.

Credentials and the endpoint come from the environment alone (for S3: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; AWS_ENDPOINT_URL). A fault of the network is an OSError: it is tried
again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from stockpot.artefact import DAMAGE, MANIFEST, Manifest, read_manifest, whole, write_manifest
from stockpot.errors import ConfigError, FolderError

ATOMIC = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl"})
"""Protocols that show an object whole or not at all; elsewhere a file is renamed into its place."""
EXTRAS = {
    "s3": "stockpot[s3]",
    "s3a": "stockpot[s3]",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
}
"""What pip installs for a protocol."""
NAMELESS = {"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "CredentialRetrievalError"}
"""What botocore raises where the environment has no credentials."""
LOOK_SECONDS = 5.0
"""A short look at what is not there yet is taken so seldom."""
TRUSTED_SECONDS = 3600.0
"""So long a process trusts that what it saw is still there."""
USED_SECONDS = 43_200.0
"""An object has no time of last use, so its manifest is written again when it is used and so old."""


@lru_cache
def remote(url: str) -> Remote:
    """One a process, so that it is asked once for what it has. ConfigError for a URL that cannot be used."""
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise ConfigError(
            "Option 'store' holds credentials: leave them out of the URL and set them in the environment "
            "(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)."
        )
    return Remote(url)


@dataclass(frozen=True)
class Remote:
    """Artefacts by stage and key, behind a URL."""

    url: str
    _seen: dict[tuple[str, str], float] = field(default_factory=dict, compare=False, repr=False)
    _missed: dict[tuple[str, str], float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def protocol(self) -> str:
        return self.url.partition("://")[0]

    @cached_property
    def files(self) -> Any:
        """The fsspec file system; nothing that it lists is remembered by it."""
        import fsspec

        try:
            options = {"auto_mkdir": True} if self.protocol == "file" else {"use_listings_cache": False}
            return fsspec.filesystem(self.protocol, **options)
        except ImportError:
            wanted = EXTRAS.get(self.protocol, "the fsspec package of it")
            raise ConfigError(
                f"Option 'store' is '{self.url}', and what reads {self.protocol}:// is not installed: "
                f"pip install '{wanted}'."
            ) from None
        except ValueError:
            raise ConfigError(
                f"Option 'store' is '{self.url}', and '{self.protocol}' is no protocol that fsspec knows: "
                "give a folder, or a URL such as s3://bucket/prefix."
            ) from None

    @cached_property
    def path(self) -> str:
        """The URL without its protocol, as the file system wants it."""
        return str(self.files._strip_protocol(self.url)).rstrip("/")  # noqa: SLF001 - fsspec's own way

    def at(self, *names: str) -> str:
        return "/".join((self.path, *names))

    def known(self, stage: str, key: str) -> bool:
        """A short look: what was not there is asked for again only after LOOK_SECONDS."""
        pair, now = (stage, key), time.monotonic()
        if self._trusted(pair):
            return True
        if now - self._missed.get(pair, -LOOK_SECONDS) < LOOK_SECONDS:
            return False
        with suppress(OSError, ConfigError, FolderError):
            if self.holds(stage, key):
                self._seen[pair] = now
                return True
        self._missed[pair] = now
        return False

    def holds(self, stage: str, key: str) -> bool:
        """Whether there is a manifest."""
        return self._last_used(stage, key) is not None

    def offer(self, stage: str, key: str, folder: Path) -> None:
        """Upload the artefact unless it is there; remember that it is used."""
        if self._trusted((stage, key)):
            return
        last = self._last_used(stage, key)
        if last is None:
            self._upload(stage, key, folder)
        elif abs(time.time() - last) > USED_SECONDS:
            self._use(stage, key)
        self._seen[stage, key] = time.monotonic()

    def fetch(self, stage: str, key: str, part: Path) -> bool:
        """Download the artefact into an empty folder. Whether it is whole; a damaged one is forgotten, so
        that it is made and uploaded again.
        """
        try:
            manifest = Manifest.from_json(self.read(self.at(stage, key, MANIFEST)))
            self._download(stage, key, manifest, part)
        except FileNotFoundError:
            return self._damaged(stage, key)
        except DAMAGE as error:
            if isinstance(error, OSError):
                raise
            return self._damaged(stage, key)
        write_manifest(part, replace(manifest, nonce=""))
        return whole(part) or self._damaged(stage, key)

    def read(self, path: str) -> bytes:
        """A whole object; FileNotFoundError if there is none."""
        with self.world():
            return bytes(self.files.cat_file(path))

    def put(self, path: str, content: bytes) -> None:
        """An object that is there whole or not at all."""
        with self.world():
            if self.protocol in ATOMIC:
                self.files.pipe_file(path, content)
            else:
                part = f"{path}.{secrets.token_hex(4)}.part"
                self.files.pipe_file(part, content)
                self.files.mv(part, path)

    def forget(self, stage: str, key: str) -> None:
        """Take the manifest away, then the files."""
        self._unlist(stage, key)
        with self.world(), suppress(FileNotFoundError):
            self.files.rm(self.at(stage, key), recursive=True)

    @contextmanager
    def world(self) -> Iterator[None]:
        """What goes wrong within is one of our errors, or an OSError."""
        try:
            yield
        except PermissionError as error:
            raise FolderError(
                f"{self.url} may not be used with the credentials that were found ({error}): give others, or "
                "another store (--store)."
            ) from None
        except (OSError, ConfigError):
            raise
        except Exception as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> Exception:
        """Libraries of others raise what they like; whatever it is, the far side could not be used."""
        if type(error).__name__ in NAMELESS:
            return ConfigError(
                f"Option 'store' is '{self.url}', and the environment has no credentials for it: set "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
            )
        return OSError(
            f"{self.url} could not be used: {' '.join(str(error).split()) or type(error).__name__}"
        )

    def _trusted(self, pair: tuple[str, str]) -> bool:
        return pair in self._seen and time.monotonic() - self._seen[pair] < TRUSTED_SECONDS

    def _last_used(self, stage: str, key: str) -> float | None:
        """When the manifest was written, by the far side's clock; None if there is none."""
        with self.world():
            try:
                return self.written(self.at(stage, key, MANIFEST))
            except FileNotFoundError:
                return None

    def written(self, path: str) -> float:
        """When an object was written, by the far side's clock."""
        when: datetime = self.files.modified(path)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()

    def _use(self, stage: str, key: str) -> None:
        """By who may write; a reader's use is not remembered."""
        path = self.at(stage, key, MANIFEST)
        with suppress(FileNotFoundError, FolderError):
            self.put(path, self.read(path))

    def _upload(self, stage: str, key: str, folder: Path) -> None:
        manifest = replace(read_manifest(folder), nonce=secrets.token_hex(8))
        try:
            with self.world():
                here = [str(folder / name) for name in manifest.files]
                there = [self.at(stage, key, manifest.nonce, name) for name in manifest.files]
                self.files.put(here, there)
            self.put(self.at(stage, key, MANIFEST), manifest.to_json().encode())
        except FileNotFoundError as error:
            raise FolderError(
                f"{self.url} cannot be written ({error}): make its bucket, or give another store (--store)."
            ) from None

    def _download(self, stage: str, key: str, manifest: Manifest, part: Path) -> None:
        with self.world():
            there = [self.at(stage, key, manifest.nonce, name) for name in manifest.files]
            self.files.get(there, [str(part / name) for name in manifest.files])

    def _damaged(self, stage: str, key: str) -> bool:
        """Forgotten by who may write; a reader makes it for himself."""
        with suppress(FolderError):
            self._unlist(stage, key)
        return False

    def _unlist(self, stage: str, key: str) -> None:
        self._seen.pop((stage, key), None)
        with self.world(), suppress(FileNotFoundError):
            self.files.rm_file(self.at(stage, key, MANIFEST))
