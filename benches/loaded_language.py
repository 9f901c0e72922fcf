#!/usr/bin/env python3
"""Measures the finds of the lexicons: how many in news and in neutral text, and which.

    benches/loaded_language.py BINARY [--part tune|test] [--language fr|en]
    benches/loaded_language.py BINARY sample [--count 300] [--seed 6] > finds.tsv

Texts are read from ../shared/data (see docs/loaded-language.md for the split). The first form
prints finds per thousand words by kind of text and by category; `sample` draws finds at random from
the French news pairs of the test part, one a line, for a person to judge.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import random
import subprocess

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "shared" / "data"

NEUTRAL = {
    "fr": [
        "segmentation/fr_gsd-ud-dev.txt",
        "segmentation/fr_sequoia-ud-dev.txt",
        "segmentation/fr_sequoia-ud-test.txt",
        "translation/flores-dev.fr",
    ],
    "en": ["segmentation/en_ewt-ud-dev.txt", "translation/flores-dev.en"],
}


def part(article):
    """The part that an article belongs to: by the first byte of the SHA-256 of its id."""
    return "tune" if hashlib.sha256(article.encode()).digest()[0] % 2 == 0 else "test"


def news(language, wanted):
    """(article, lines) of the news pairs of a part."""
    for path in sorted((DATA / "news-pairs").glob(f"*.{language}.txt")):
        article = path.name.removesuffix(f".{language}.txt")
        if part(article) == wanted:
            yield article, path.read_text(encoding="utf-8").splitlines()


def paragraphs(language, wanted):
    """(article, paragraph, techniques, text) of the SemEval paragraphs of a part."""
    path = DATA / "loaded-language" / f"semeval2023.{language}.train.tsv"
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            article, paragraph, techniques, text = line.rstrip("\n").split("\t", 3)
            if part(article) == wanted:
                yield article, paragraph, set(filter(None, techniques.split(","))), text


def neutral(language):
    """Lines of text that is not written to persuade."""
    for name in NEUTRAL[language]:
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield line.strip()


def finds(binary, language, lines):
    """The finds of each line, as `visavis flag` tells them."""
    text = "\n\n".join(line.strip() or "-" for line in lines)
    command = [binary, "flag", "-", "--input-format", "text", "--output-format", "jsonl"]
    if language != "fr":
        command += ["--from", language]
    run = subprocess.run(command, input=text, text=True, capture_output=True, check=True)
    found = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        find = json.loads(line)
        found[find["block"]].append(find)
    return found


def density(binary, language, wanted):
    """Prints finds per thousand words in news, in paragraphs by label, and in neutral text."""
    labelled = list(paragraphs(language, wanted))
    texts = {
        "news": [line for _, lines in news(language, wanted) for line in lines],
        "Loaded_Language": [text for *_, kinds, text in labelled if "Loaded_Language" in kinds],
        "other paragraphs": [text for *_, kinds, text in labelled if "Loaded_Language" not in kinds],
        "neutral": list(neutral(language)),
    }
    for name, lines in texts.items():
        words = sum(len(line.split()) for line in lines)
        found = finds(binary, language, lines)
        every = [find for line in found.values() for find in line]
        kinds = collections.Counter(find["category"] for find in every)
        print(f"{name}: {len(every)} finds, {1000 * len(every) / words:.1f} per 1,000 words, "
              f"{len(found)} of {len(lines)} paragraphs")
        print("   ", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


def sample(binary, count, seed):
    """Prints finds of the test part's French news, drawn at random, with their line."""
    pool = []
    for article, lines in news("fr", "test"):
        for block, line in sorted(finds(binary, "fr", lines).items()):
            pool += [(article, block, find, lines[block].strip()) for find in line]
    for article, block, find, line in random.Random(seed).sample(pool, count):
        start, end = find["start"], find["end"]
        marked = f"{line[:start]}⟦{line[start:end]}⟧{line[end:]}"
        print(article, block, start, end, find["entry"], marked, sep="\t")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("what", nargs="?", choices=["density", "sample"], default="density")
    parser.add_argument("--part", choices=["tune", "test"], default="tune")
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=6)
    arguments = parser.parse_args()
    if arguments.what == "sample":
        sample(arguments.binary, arguments.count, arguments.seed)
    else:
        density(arguments.binary, arguments.language, arguments.part)


if __name__ == "__main__":
    main()
