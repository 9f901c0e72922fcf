#!/usr/bin/env python3
"""Score visavis and four other sentence splitters on the same sets with the same scorer.

Prints a Markdown table of boundary F1. From the repository's root, in a Python environment with
`pip install pysbd sentence-splitter sentencex nltk`, and NLTK's `punkt_tab` where NLTK finds it
(or in a folder that NLTK_DATA names):

    cargo build && python benches/segments.py

Every splitter gets the sentences of a file joined by one space, in one call; what it returns is
scored by `visavis evaluate segments --hypothesis`. With `--chunk 10`, every ten sentences are a
text of their own, for splitters that lose their way in a long one.
"""

import argparse
import importlib.metadata
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nltk
import pysbd
import sentence_splitter
import sentencex

LANGUAGES = {"fr": "french", "en": "english"}


def pysbd_split(language, text):
    return pysbd.Segmenter(language=language, clean=False).segment(text)


def moses_split(language, text):
    return sentence_splitter.SentenceSplitter(language=language).split(text)


def sentencex_split(language, text):
    return list(sentencex.segment(language, text))


def punkt_split(language, text):
    return nltk.sent_tokenize(text, language=LANGUAGES[language])


SPLITTERS = {
    "pysbd": ("pysbd", pysbd_split),
    "Moses": ("sentence-splitter", moses_split),
    "sentencex": ("sentencex", sentencex_split),
    "Punkt": ("nltk", punkt_split),
}


def scores(binary, golds, *options):
    """The boundary F1 over the gold files, as `visavis evaluate segments` counts."""
    command = [binary, "evaluate", "segments", "--output-format", "json", *options, *golds]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    files = json.loads(output)
    correct, found, gold = (sum(f[k] for f in files) for k in ("correct", "found", "gold"))
    return 2 * correct / (found + gold)


def write_chunks(gold, folder, size):
    """Writes a set's sentences into files of `size` sentences; returns the files' names."""
    lines = [line for line in gold.read_text(encoding="utf-8").split("\n") if line.strip()]
    size = size or len(lines)
    names = []
    for start in range(0, len(lines), size):
        names.append(str(Path(folder) / f"{start}.gold"))
        Path(names[-1]).write_text("\n".join(lines[start : start + size]), encoding="utf-8")
    return names


def run_splitter(binary, golds, language, split):
    options = []
    for gold in golds:
        text = Path(gold).read_text(encoding="utf-8")
        sentences = split(language, " ".join(line.strip() for line in text.split("\n")))
        output = gold.removesuffix(".gold") + ".output"
        lines = [" ".join(sentence.split()) for sentence in sentences]
        Path(output).write_text("\n".join(lines), encoding="utf-8")
        options += ["--hypothesis", output]
    return scores(binary, golds, *options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", default="target/debug/visavis")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/segmentation"))
    parser.add_argument("--chunk", type=int, help="sentences a text [default: all]")
    arguments = parser.parse_args()
    sets = sorted(arguments.data.glob("*.txt"))
    if not sets:
        sys.exit(f"{arguments.data} holds no sets")
    versions = [f"{p} {importlib.metadata.version(p)}" for p, _ in SPLITTERS.values()]
    print(", ".join(versions), end="\n\n")
    print("| set | " + " | ".join(SPLITTERS) + " | visavis |")
    print("| --- " * (len(SPLITTERS) + 2) + "|")
    for gold in sets:
        language = gold.name[:2]
        with tempfile.TemporaryDirectory() as folder:
            golds = write_chunks(gold, folder, arguments.chunk)
            splitters = [split for _, split in SPLITTERS.values()]
            cells = [run_splitter(arguments.binary, golds, language, s) for s in splitters]
            cells.append(scores(arguments.binary, golds, "--from", language))
        print(f"| {gold.stem} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
