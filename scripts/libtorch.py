#!/usr/bin/env python3
"""Gets libtorch 2.4.0 for the feature `rust-bert`, where only PyPI can be reached.

    python3 scripts/libtorch.py [FOLDER]

The parts of the package torch 2.4.0 that compute on the CPU, and two small libraries that they are
linked with, go to FOLDER (libtorch beside this script's folder, unless told). The wheels, 820 MB,
are fetched by pip, which checks their SHA-256, and removed again; 530 MB stay. Then
.cargo/config.toml tells cargo where it lies, so that this is all there is to do:

    cargo build --release --features rust-bert

For Linux on x86-64. Needs Python 3.8 or newer with pip, and a C++ compiler for the build. It can be
run again: what is there already is left alone. Exit codes: 0 done, 75 pip cannot fetch, 1 or 2 others.
"""

import argparse
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.4.0"
# What pip must get: the wheel, its SHA-256.
WHEELS = """\
torch==2.4.0 --hash=sha256:e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
"""
# The wheels are built for one version of Python, whichever runs this.
FOR = "--python-version 3.11 --implementation cp --platform manylinux1_x86_64".split()
# The libraries in them that computing on the CPU takes.
LIBRARIES = [
    "torch/lib/libc10.so",
    "torch/lib/libgomp-a34b3233.so.1",
    "torch/lib/libshm.so",
    "torch/lib/libtorch.so",
    "torch/lib/libtorch_cpu.so",
    "nvidia/cuda_runtime/lib/libcudart.so.12",
    "nvidia/cuda_cupti/lib/libcupti.so.12",
]
HEADERS = "torch/include/"
LICENCES = "torch-2.4.0.dist-info/"

# The exit code where PyPI cannot be reached, or pip is missing: not a fault of this script.
UNREACHABLE = 75

CONFIG = """\
# Written by scripts/libtorch.py: where the feature rust-bert finds libtorch.
[env]
LIBTORCH = "{folder}"
LIBTORCH_CXX11_ABI = "0"
"""


def main():
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=root / "libtorch")
    folder = parser.parse_args().folder.resolve()
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        sys.exit(
            f"libtorch.py: the packages are for Linux on x86-64. Get libtorch {VERSION} from "
            "https://pytorch.org and set LIBTORCH to its folder."
        )
    if not is_whole(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            sys.exit(f"libtorch.py: {folder} is there and holds other things; name another folder")
        get(folder)
    config(root, folder)


def is_whole(folder):
    """Whether an earlier run put all of it there: the version is written last."""
    version = folder / "build-version"
    return version.is_file() and version.read_text().strip() == VERSION


def get(folder):
    """Fetches the wheels and unpacks what is needed of them into `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder: temporary folders may be small, and files are moved to their place.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".libtorch-") as scratch:
        scratch = Path(scratch)
        wanted = scratch / "wheels.txt"
        wanted.write_text(WHEELS)
        print(f"fetching torch {VERSION} (820 MB) from PyPI", file=sys.stderr)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
        pip += ["--require-hashes", "--only-binary", ":all:", *FOR]
        command = [*pip, "--dest", scratch, "-r", wanted]
        ran = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if ran.returncode != 0:
            print(ran.stderr, file=sys.stderr)
            if "DO NOT MATCH THE HASHES" in ran.stderr:
                sys.exit("libtorch.py: a package is not the one that it should be; nothing was kept")
            print("libtorch.py: pip could not fetch the packages; see above", file=sys.stderr)
            sys.exit(UNREACHABLE)
        whole = scratch / "libtorch"
        for wheel in scratch.glob("*.whl"):
            unpack(wheel, whole)
            wheel.unlink()
        missing = [name for name in LIBRARIES if not (whole / "lib" / Path(name).name).is_file()]
        if missing:
            sys.exit(f"libtorch.py: the packages lack {', '.join(missing)}")
        without_cuda(whole / "lib" / "libtorch.so")
        (whole / "build-version").write_text(VERSION + "\n")
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)


def unpack(wheel, whole):
    """Unpacks the libraries, headers and licences of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if name in LIBRARIES:
                target = whole / "lib" / Path(name).name
            elif name.startswith(HEADERS) and not entry.is_dir():
                target = whole / "include" / name[len(HEADERS) :]
            elif name.startswith(LICENCES) and Path(name).name in ("LICENSE", "NOTICE"):
                target = whole / Path(name).name
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as packed, open(target, "wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)


def without_cuda(library):
    """Has libtorch.so ask for libtorch_cpu.so twice instead of for libtorch_cuda.so, which takes
    3 GB more. Nothing else of it changes.

    Both names stand in the library's table of strings; its dynamic section (ELF-64, little-endian)
    is a list of pairs of a tag and a value, and the value of a needed library is where its name
    starts in that table.
    """
    needed, strings, dynamic = 1, 5, 2
    data = bytearray(library.read_bytes())
    (headers,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, headers + i * size) for i in range(count)]

    def offset(address):
        for kind, _, at, start, _, length in segments:
            if kind == 1 and start <= address < start + length:
                return at + address - start
        sys.exit(f"libtorch.py: {library} is not understood")

    at = next(at for kind, _, at, *_ in segments if kind == dynamic)
    entries = []
    while True:
        tag, value = struct.unpack_from("<QQ", data, at)
        if tag == 0:
            break
        entries.append((tag, value, at + 8))
        at += 16
    table = offset(next(value for tag, value, _ in entries if tag == strings))
    named = {}
    for tag, value, place in entries:
        if tag == needed:
            end = data.index(0, table + value)
            named[bytes(data[table + value : end])] = (value, place)
    if b"libtorch_cuda.so" in named:
        value, _ = named[b"libtorch_cpu.so"]
        _, place = named[b"libtorch_cuda.so"]
        struct.pack_into("<Q", data, place, value)
        library.write_bytes(data)


def config(root, folder):
    """Tells cargo, and the user, where libtorch lies."""
    path = root / ".cargo" / "config.toml"
    wanted = CONFIG.format(folder=str(folder).replace("\\", "\\\\").replace('"', '\\"'))
    there = path.read_text() if path.is_file() else None
    if there is None or there.startswith(CONFIG.partition("\n")[0]):
        if there != wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted)
        print(f"{folder} is in place; {path} tells cargo so", file=sys.stderr)
    else:
        print(f"{folder} is in place; {path} is your own: tell cargo so by", file=sys.stderr)
    print(f"export LIBTORCH={folder}\nexport LIBTORCH_CXX11_ABI=0")


if __name__ == "__main__":
    main()
