#!/usr/bin/env python3
"""Score visavis and four other sentence splitters on the same sets with the same scorer.

Prints a Markdown table of boundary F1. From the repository's root, in a Python environment with
`pip install pysbd sentence-splitter sentencex nltk`, and NLTK's `punkt_tab` where NLTK finds it
(or in a folder that NLTK_DATA names):

    cargo build && python benches/segments.py

Every splitter gets the sentences of a file joined by one space, in one call; what it returns is
scored by `visavis evaluate segments --hypothesis`.
"""

import argparse
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import time
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


def evaluate(binary, gold, *options):
    """The scores that `visavis evaluate segments` gives."""
    command = [binary, "evaluate", "segments", str(gold), "--output-format", "json", *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output)[0]


def score_splitter(binary, gold, language, split):
    lines = gold.read_text(encoding="utf-8").split("\n")
    text = " ".join(line.strip() for line in lines if line.strip())
    start = time.perf_counter()
    sentences = split(language, text)
    seconds = time.perf_counter() - start
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        for sentence in sentences:
            file.write(" ".join(sentence.split()) + "\n")
        file.flush()
        return evaluate(binary, gold, "--hypothesis", file.name), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", default="target/debug/visavis")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/segmentation"))
    parser.add_argument("--seconds", action="store_true", help="print times on standard error")
    arguments = parser.parse_args()
    sets = sorted(arguments.data.glob("*.txt"))
    if not sets:
        sys.exit(f"{arguments.data} holds no sets")
    versions = [f"{p} {importlib.metadata.version(p)}" for p, _ in SPLITTERS.values()]
    print(", ".join(versions), end="\n\n")
    print("| set | sentences | " + " | ".join(SPLITTERS) + " | visavis |")
    print("| --- " * (len(SPLITTERS) + 3) + "|")
    for gold in sets:
        language = gold.name[:2]
        cells = []
        for name, (_, split) in SPLITTERS.items():
            score, seconds = score_splitter(arguments.binary, gold, language, split)
            cells.append(f"{score['f1']:.3f}")
            if arguments.seconds:
                print(f"{gold.stem} {name}: {seconds:.2f} s", file=sys.stderr)
        own = evaluate(arguments.binary, gold, "--from", language)
        cells.append(f"**{own['f1']:.3f}**")
        print(f"| {gold.stem} | {own['gold'] + 1} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
