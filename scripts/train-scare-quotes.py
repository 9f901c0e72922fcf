#!/usr/bin/env python3
"""Fits the weights of the traits of scare quotes (src/terms/scare_quotes/traits.rs).

    pip install numpy scikit-learn
    scripts/train-scare-quotes.py --shared ../shared

The spans are those of tests/cases/judgements/quotes.tsv: the tune part, and the first two draws, which have been
looked at; the third and the fresh draw are left out. Their traits are printed by the program itself (the test
`print_traits`, which is ignored otherwise). Prints F1 of a cross-validation over the documents and, for each
trait, its weight; the bias holds the threshold of the best F1.
"""

import argparse
import pathlib
import subprocess

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

ROOT = pathlib.Path(__file__).resolve().parent.parent


def texts(shared):
    """Documents by name."""
    held = {p.name.removesuffix(".fr.txt"): p.read_text() for p in (shared / "data/news-pairs").glob("*.fr.txt")}
    table = shared / "data/loaded-language/semeval2023.fr.train.tsv"
    for row in table.read_text().split("\n")[1:]:
        if row.strip():
            article, number, _, text = row.split("\t", 3)
            held[f"{article}:{number}"] = text
    return held


def traits(lines):
    """The traits of every span of the lines, by line and first byte, and their names."""
    command = ["cargo", "test", "--lib", "print_traits", "--", "--ignored", "--nocapture"]
    run = subprocess.run(command, input="\n".join(lines) + "\n", text=True, capture_output=True, check=True, cwd=ROOT)
    held, names = {}, []
    for line in run.stdout.splitlines():
        cells = line.split("\t")
        if cells[0].endswith("traits"):
            names = cells[1:]
        elif cells[0] == "span":
            held[int(cells[1]), int(cells[2])] = [int(digit) for digit in cells[3]]
    return names, held


def f1(chosen, truth):
    hits = (chosen & truth).sum()
    return 2 * hits / max(1, chosen.sum() + truth.sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT / "../shared")
    documents = texts(parser.parse_args().shared)
    rows = [r.split("\t") for r in (ROOT / "tests/cases/judgements/quotes.tsv").read_text().splitlines()[1:]]
    rows = [r for r in rows if r[5] in ("tune", "first", "second")]
    places, lines = [], []
    for document, start, _, label, _, _ in rows:
        text, start = documents[document], int(start)
        begin = text.rfind("\n", 0, start) + 1
        line = text[begin:].split("\n", 1)[0]
        places.append((len(lines), len(text[begin:start].encode()), label == "scare", document.split(":")[0]))
        lines.append(line)
    names, held = traits(lines)
    spans = [(held[at, byte], label, group) for at, byte, label, group in places if (at, byte) in held]
    features = np.array([s[0] for s in spans])
    truth = np.array([s[1] for s in spans])
    groups = np.array([s[2] for s in spans])
    fit = lambda chosen: LogisticRegression(C=0.5, max_iter=1000).fit(features[chosen], truth[chosen])
    scores = np.zeros(len(truth))
    for chosen, others in GroupKFold(10).split(features, truth, groups):
        scores[others] = fit(chosen).decision_function(features[others])
    best, threshold = max((f1(scores > t, truth), t) for t in np.arange(-2, 1, 0.05))
    print(f"{len(truth)} spans, {truth.sum()} scare quotes; cross-validation F1 {best:.3f}")
    model = fit(np.arange(len(truth)))
    print(f"bias {model.intercept_[0] - threshold:.2f}")
    for name, weight in zip(names, model.coef_[0]):
        print(f"{weight:.2f} {name}")


if __name__ == "__main__":
    main()
