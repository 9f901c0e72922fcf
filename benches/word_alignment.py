#!/usr/bin/env python3
"""Score `visavis align words` on the Hansards of HLT-NAACL 2003 and on stories, and time it.

From the repository's root, with the models opus-mt-fr-en and opus-mt-en-fr installed:

    cargo build --release && python benches/word_alignment.py

Prints a Markdown table of the alignment error rate, precision and recall in percent. The scores are
those of `visavis evaluate words`; each is checked here against the published rule, computed apart.
What was tuned on what, docs/word-alignment.md tells. `--threads` and `--binary` are handed on.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path("../shared/data/word-alignment")
WAYS = {
    "both directions": [],
    "and learning from the pairs": ["--learn"],
    "fr→en alone": ["--one-way"],
    "no model": ["--no-model"],
}


def hansards():
    """Lines `french ||| english`, the gold file, and how that is written."""
    lines = (DATA / "hansards/en-fr.txt").read_text(encoding="utf-8").splitlines()
    pairs = [" ||| ".join(reversed([side.strip() for side in line.split("|||")])) for line in lines]
    return pairs, DATA / "hansards/gold.txt", True


def stories():
    for folder in sorted((DATA / "stories").iterdir()):
        french, english = folder.name.split("_")
        sides = []
        for side in (french, english):
            text = (folder / f"{side}_sents.txt").read_text(encoding="utf-8")
            sides.append([line.split("\t", 1)[1].strip() for line in text.splitlines()])
        pairs = [f"{source} ||| {target}" for source, target in zip(*sides)]
        yield folder.name, pairs, folder / f"ali_w2w_{french}_{english}.txt", False


def links(line, reverse):
    """The sure and all links of a line; both from 0 and French first."""
    sure, possible = set(), set()
    for first, sign, second in re.findall(r"(\d+)([-p])(\d+)", line):
        link = (int(second) - 1, int(first) - 1) if reverse else (int(first), int(second))
        possible.add(link)
        if sign == "-":
            sure.add(link)
    return sure, possible


def by_the_rule(gold, found, reverse):
    """The alignment error rate of Och and Ney (2003)."""
    found_and_sure = found_and_possible = all_found = all_sure = 0
    for gold_line, found_line in zip(gold, found, strict=True):
        sure, possible = links(gold_line, reverse)
        mine = links(found_line, False)[1]
        found_and_sure += len(mine & sure)
        found_and_possible += len(mine & possible)
        all_found += len(mine)
        all_sure += len(sure)
    return 1 - (found_and_sure + found_and_possible) / (all_found + all_sure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default="target/release/visavis")
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    sets = [("Hansards, 447 pairs", *hansards())]
    pairs, gold, reverse = sets[0][1:]
    sets.append(("of them the last 347", pairs[100:], gold, reverse))
    sets += stories()
    print("| pairs | way | AER | precision | recall | seconds | pairs a minute |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, pairs, gold, reverse in sets:
            lines = gold.read_text().splitlines()[-len(pairs) :]
            (folder / "pairs.txt").write_text("\n".join(pairs) + "\n", encoding="utf-8")
            (folder / "gold.txt").write_text("\n".join(lines) + "\n")
            for way, options in WAYS.items():
                command = [arguments.binary, "align", "words", "-q", str(folder / "pairs.txt")]
                command += ["-o", str(folder / "links.txt"), "--threads", arguments.threads]
                start = time.monotonic()
                subprocess.run(command + options, check=True)
                seconds = time.monotonic() - start
                score = [arguments.binary, "evaluate", "words", "--output-format", "json"]
                score += [str(folder / "gold.txt"), str(folder / "links.txt")]
                score += ["--gold-from-one", "--gold-target-first"] if reverse else []
                score = json.loads(subprocess.run(score, check=True, capture_output=True).stdout)
                found = (folder / "links.txt").read_text().splitlines()
                if abs(by_the_rule(lines, found, reverse) - score["aer"]) > 1e-9:
                    sys.exit(f"{name}: the rule says otherwise")
                cells = [f"{100 * score[key]:.2f}" for key in ("aer", "precision", "recall")]
                cells += [f"{seconds:.1f}", f"{60 * len(pairs) / seconds:,.0f}"]
                print(f"| {name} | {way} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
