#!/usr/bin/env python3
"""Score `visavis align sentences` on texts aligned by hand.

Prints a Markdown table. From the repository's root:

    cargo build --release && python benches/alignment.py ../shared/data/sentence-alignment

With `--scale N` a text of N lines, the novels' lines over and over, is aligned instead, and time and
memory are told.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

TUNED_ON = ["text-berg-dev", "AlicesAdventuresInWonderland", "Candide"]


def texts(folder):
    """Name, source, target, gold and languages of every text."""
    berg = folder / "text-berg-dev"
    yield "text-berg-dev", berg / "dev.de", berg / "dev.fr", berg / "dev.defr", ("de", "fr")
    for gold in sorted((folder / "novels").glob("*.gold")):
        yield gold.stem, gold.with_suffix(".fr"), gold.with_suffix(".en"), gold, ("fr", "en")


def align(binary, source, target, languages, out, options):
    command = [binary, "align", "sentences", source, target, "--from", languages[0], "--to",
               languages[1], "--input-format", "lines", "--output-format", "links", "-o", out,
               "--quiet", *options]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def score(binary, pairs):
    files = [file for pair in pairs for file in pair]
    command = [binary, "evaluate", "alignment", "--output-format", "json", *files]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def quality(arguments, folder):
    pairs = {}
    for name, source, target, gold, languages in texts(arguments.data):
        out = folder / f"{name}.links"
        align(arguments.binary, source, target, languages, out, ["--threads", arguments.threads])
        pairs[name] = (gold, out)
    novels = [name for name in pairs if name != "text-berg-dev"]
    rows = {name: [name] for name in pairs}
    rows["five novels"] = novels
    rows["three novels that nothing was tuned on"] = [n for n in novels if n not in TUNED_ON]
    print("| text | strict P / R / F1 | lax P / R / F1 |\n| --- | --- | --- |")
    for title, names in rows.items():
        report = score(arguments.binary, [pairs[name] for name in names])
        cells = [" / ".join(f"{report[kind][m]:.3f}" for m in ("precision", "recall", "f1"))
                 for kind in ("strict", "lax")]
        print(f"| {title} | {cells[0]} | {cells[1]} |")
    print("\nStrict recall by kind of bead, five novels:\n")
    for kind in score(arguments.binary, [pairs[name] for name in novels])["kinds"]:
        print(f"- {kind['kind']}: {kind['recall']:.3f} of {kind['links']}")


def scale(arguments, folder):
    lines = {"fr": [], "en": []}
    for _, source, target, _, languages in texts(arguments.data):
        if languages == ("fr", "en"):
            lines["fr"] += source.read_text("utf-8").splitlines()
            lines["en"] += target.read_text("utf-8").splitlines()
    for language, text in lines.items():
        repeated = [text[n % len(text)] for n in range(arguments.scale)]
        (folder / f"long.{language}").write_text("\n".join(repeated) + "\n", "utf-8")
    seconds = align(arguments.binary, folder / "long.fr", folder / "long.en", ("fr", "en"),
                    folder / "long.links", ["--threads", arguments.threads])
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = usage.ru_utime + usage.ru_stime
    print(f"{arguments.scale} lines: {seconds:.1f} s, {processor:.1f} s of a processor, "
          f"{usage.ru_maxrss / 1024:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--binary", default="target/release/visavis")
    parser.add_argument("--scale", type=int)
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (scale if arguments.scale else quality)(arguments, Path(folder))


if __name__ == "__main__":
    main()
