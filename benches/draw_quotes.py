"""Draws quoted spans at random from the SemEval paragraphs, to be judged by the guideline of docs/loaded-language.md.

    python3 benches/draw_quotes.py [--part test] [--language fr] [--number 200] [--seed 11] [--longest 7]

Prints article and paragraph, start and end in code points, and the words around the span. The same marks are
paired as in src/terms/quotes.rs. Spans already judged in tests/cases/judgements are left out, and all the
paragraphs that they stand in; with --new-articles, all the articles.
"""

import argparse
import hashlib
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).parent.parent
PARAGRAPHS = ROOT / "../shared/data/loaded-language"
JUDGED = {"fr": "quotes.tsv", "en": "quotes-en.tsv"}
CLOSING = "»›”“\"’'"
PAIRS = {("«", "»"), ("‹", "›"), ("“", "”"), ("„", "“"), ("„", "”"), ('"', '"'), ("“", '"')}


def opens(mark, previous, following):
    if mark in "«“„‹":
        return True
    if mark in "‘'":
        return not previous.isalnum() and following.isalnum()
    return mark == '"' and (not previous.isalnum() or following.isalnum())


def closes(opener, mark, previous, following):
    if (opener, mark) in {("‘", "’"), ("'", "'")}:
        return not previous.isspace() and not following.isalnum()
    return (opener, mark) in PAIRS


def quotes(text):
    """Start and end of the quoted spans, with their marks."""
    opened, found, previous = [], [], " "
    for at, mark in enumerate(text):
        following = text[at + 1] if at + 1 < len(text) else " "
        looked_at = range(len(opened) - 1, max(-1, len(opened) - 17), -1) if mark in CLOSING else []
        partner = next((i for i in looked_at if closes(opened[i][0], mark, previous, following)), None)
        if partner is not None:
            found.append((opened[partner][1], at + 1))
            del opened[partner:]
        elif opens(mark, previous, following):
            opened.append((mark, at))
        previous = mark
    return sorted(found, key=lambda span: (span[0], -span[1]))


def spans(part, language):
    for row in (PARAGRAPHS / f"semeval2023.{language}.train.tsv").read_text(encoding="utf-8").split("\n")[1:]:
        if not row.strip():
            continue
        article, paragraph, _, text = row.split("\t", 3)
        is_test = hashlib.sha256(article.encode()).digest()[0] % 2 == 1
        if is_test == (part == "test"):
            for start, end in quotes(text):
                yield f"{article}:{paragraph}", start, end, text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["tune", "test"], default="test")
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    parser.add_argument("--longest", type=int, help="words of a span at most")
    parser.add_argument("--new-articles", action="store_true")
    options = parser.parse_args()
    known = (lambda document: document.split(":")[0]) if options.new_articles else (lambda document: document)
    table = ROOT / "tests/cases/judgements" / JUDGED[options.language]
    judged = {known(row.split("\t")[0]) for row in table.read_text().splitlines()[1:]}
    longest = options.longest or float("inf")
    pool = [
        span
        for span in spans(options.part, options.language)
        if known(span[0]) not in judged and len(re.findall(r"\w+", span[3][span[1] : span[2]])) <= longest
    ]
    random.Random(options.seed).shuffle(pool)
    for document, start, end, text in pool[: options.number]:
        around = f"{text[max(0, start - 130):start]}⟦{text[start:end]}⟧{text[end:end + 70]}"
        print(document, start, end, around, sep="\t")


if __name__ == "__main__":
    main()
