"""Draws finds at random from the test part of the French news, to be judged by the guideline of docs/loaded-language.md.

    python3 benches/draw_finds.py BINARY [--number 300] [--seed 7] [--sentences [--bare]] [--semeval [--unseen] [--without DRAW]]

Prints document, block, start, end and entry, then the words around the find. The finds already judged in
tests/cases/judgements/finds.tsv are left out. With --sentences it draws sentences instead, the finds in brackets,
to be read for loaded terms that were missed; those already read are left out. With --bare the brackets are left
out too, so that the sentences can be judged before the finds are seen. With --unseen articles of which anything was
judged before are left out as a whole, with --without DRAW those of one draw (the last column of the files).
"""

import argparse
import hashlib
import json
import pathlib
import random
import re
import subprocess

ROOT = pathlib.Path(__file__).parent.parent
NEWS = ROOT / "../shared/data/news-pairs"
PARAGRAPHS = "loaded-language/semeval2023.fr.train.tsv"
JUDGED = ROOT / "tests/cases/judgements/finds.tsv"
READ = ROOT / "tests/cases/judgements/missed.tsv"
QUOTES = ROOT / "tests/cases/judgements/quotes.tsv"


def is_test(article):
    return hashlib.sha256(article.encode()).digest()[0] % 2 == 1


def news(folder):
    for path in sorted(folder.glob("*.fr.txt")):
        article = path.name.removesuffix(".fr.txt")
        if is_test(article):
            yield article, [line.strip() for line in path.read_text().split("\n") if line.strip()]


def paragraphs(path):
    """(article, paragraphs) of the SemEval articles of the test part."""
    articles = {}
    for row in path.read_text(encoding="utf-8").split("\n")[1:]:
        if row.strip():
            article, _, _, text = row.split("\t", 3)
            articles.setdefault(article, []).append(text.strip())
    return [(article, lines) for article, lines in articles.items() if is_test(article)]


def finds(binary, lines):
    text = "\n\n".join(lines)
    flag = [binary, "flag", "-", "--input-format", "text", "--no-builtin-lexicon"]
    flag += ["--lexicon", ROOT / "lexicons/fr.toml", "--output-format", "jsonl"]
    output = subprocess.run(flag, input=text, text=True, capture_output=True, check=True)
    return [json.loads(line) for line in output.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sentences", action="store_true")
    parser.add_argument("--semeval", action="store_true", help="from the SemEval articles, not the news")
    parser.add_argument("--unseen", action="store_true", help="only from articles of which nothing was judged")
    parser.add_argument("--without", metavar="DRAW", help="not from the articles of this draw")
    parser.add_argument("--bare", action="store_true", help="sentences without their finds")
    parser.add_argument("--news", type=pathlib.Path, default=NEWS)
    options = parser.parse_args()
    judged = set()
    if JUDGED.exists():
        for row in JUDGED.read_text().splitlines()[1:]:
            judged.add(tuple(row.split("\t")[:4]))
    read = {tuple(row.split("\t")[:4]) for row in READ.read_text().splitlines()[1:]}
    rows = [row.split("\t") for path in (JUDGED, READ, QUOTES) for row in path.read_text().splitlines()[1:]]
    touched = {row[0] for row in rows if options.unseen or row[-1] == options.without}
    pool = []
    texts = paragraphs(options.news.parent / PARAGRAPHS) if options.semeval else news(options.news)
    for article, lines in texts:
        if article in touched:
            continue
        found = finds(options.binary, lines)
        for block, line in enumerate(lines):
            here = sorted((f["start"], f["end"], f["entry"]) for f in found if f["block"] == block)
            if options.sentences:
                for sentence in re.finditer(r"[^.!?…]+[.!?…]*\s*", line):
                    place = (article, str(block), str(sentence.start()), str(sentence.end()))
                    if len(sentence[0].split()) < 4 or place in read:
                        continue
                    marked = sentence[0]
                    for start, end, _ in [] if options.bare else reversed(here):
                        if sentence.start() <= start and end <= sentence.end():
                            a, b = start - sentence.start(), end - sentence.start()
                            marked = f"{marked[:a]}[{marked[a:b]}]{marked[b:]}"
                    pool.append((article, block, sentence.start(), sentence.end(), "", marked.strip()))
            else:
                for start, end, entry in here:
                    if (article, str(block), str(start), str(end)) not in judged:
                        around = f"{line[max(0, start - 130):start]}[{line[start:end]}]{line[end:end + 90]}"
                        pool.append((article, block, start, end, entry, around))
    pool.sort()
    random.Random(options.seed).shuffle(pool)
    for row in pool[: options.number]:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
