#!/usr/bin/env python3
"""Cut the power while `visavis translate` writes, give the same command again, compare the bytes.

From the repository's root, on Linux, as root (it mounts an image of an ext4 file system):

    cargo build --release && sudo python benches/power_cut.py --cuts 30 -- --from pt --model firefox-pt-en

The corpus and the output lie on the image. At a random moment the process is halted, and the image's
file is copied as it lies: what the kernel had not yet brought to the disk is not in the copy, as it
would not be on a disk that lost its power. The copy is mounted, which replays the file system's own
journal, and the command is given once more. Says for each cut how many bytes of the output had reached
the disk; ends with failure where a result differs from that of a run that was left in peace.
"""

import argparse
import filecmp
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from soak import sentences


def call(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


class Disk:
    """An image of a file system, mounted while the `with` block runs."""

    def __init__(self, image, place):
        self.image, self.place = image, place

    def __enter__(self):
        call("mount", "-o", "loop", self.image, self.place)
        return self.place

    def __exit__(self, *_):
        call("umount", self.place)


def halted_copy(image, copy):
    """Copies the image until two copies in a row are the same."""
    before = copy.with_suffix(".before")
    shutil.copyfile(image, copy)
    while True:
        copy.replace(before)
        shutil.copyfile(image, copy)
        if filecmp.cmp(before, copy, shallow=False):
            before.unlink()
            return


def command(arguments, folder, target):
    return [arguments.visavis, "translate", "in/", "-o", target, "--window", "400", "--threads", "1",
            "--beam-size", "1", "--quiet", *arguments.options], {"cwd": folder}


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", type=lambda path: str(Path(path).resolve()),
                        default="target/release/visavis")
    parser.add_argument("--cuts", type=int, default=30)
    parser.add_argument("options", nargs="*", help="options of `visavis translate`, after --")
    arguments = parser.parse_args()
    dice = random.Random(4)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        place = scratch / "disk"
        place.mkdir()
        fresh, image, cut = (scratch / name for name in ["fresh.img", "disk.img", "cut.img"])
        with open(fresh, "wb") as file:
            file.truncate(64 << 20)
        call("mkfs.ext4", "-q", fresh)
        lines = list(sentences(3000))
        with Disk(fresh, place):
            (place / "in").mkdir()
            for name, part in [("a.fr", lines[:1200]), ("b.fr", lines[1200:1500]), ("c.fr", lines[1500:])]:
                (place / "in" / name).write_text("".join(part), encoding="utf-8")
        shutil.copyfile(fresh, image)
        with Disk(image, place):
            run, where = command(arguments, place, "out/")
            start = time.monotonic()
            call(*run, **where)
            whole = time.monotonic() - start
            expected = contents(place / "out")
        print(f"in peace: {whole:.1f} s, {sum(map(len, expected.values()))} bytes", flush=True)
        differ = 0
        for number in range(arguments.cuts):
            shutil.copyfile(fresh, image)
            with Disk(image, place):
                process = subprocess.Popen(run, **where)
                time.sleep(dice.uniform(0.05, 1.1) * whole)
                process.send_signal(signal.SIGSTOP)
                halted_copy(image, cut)
                written = sum(len(data) for data in contents(place / "out").values())
                process.kill()
                process.wait()
            with Disk(cut, place):
                reached = contents(place / "out") if (place / "out").exists() else {}
                call(*run, **where)
                same = contents(place / "out") == expected
                differ += not same
            print(f"cut {number + 1}: {sum(map(len, reached.values()))} of {written} bytes had reached the "
                  f"disk, in {len(reached)} files; {'the same bytes' if same else 'THE BYTES DIFFER'}",
                  flush=True)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
