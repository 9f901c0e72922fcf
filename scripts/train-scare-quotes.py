#!/usr/bin/env python3
"""Fits the weights of the traits of scare quotes (src/terms/scare_quotes/traits.rs).

    pip install numpy scikit-learn
    scripts/train-scare-quotes.py --shared ../shared [--write]

The spans are those of tests/cases/judgements/quotes.tsv and quotes-en.tsv: the tune part, and the three draws of
the test half of the news, which have been looked at; the draws of the test part of SemEval are left out. English
spans weigh ENGLISH_WEIGHT. The traits are printed by the program itself (the test `print_traits`, which is ignored
otherwise). Prints F1 and average precision of a cross-validation over the documents, for each language; the bias
of a language holds the threshold of the best F1 there. --write puts the weights into traits.rs.
"""

import argparse
import pathlib
import re
import subprocess

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAITS = ROOT / "src/terms/scare_quotes/traits.rs"
TRAINED_ON = ("tune", "first", "second", "third")
ENGLISH_WEIGHT = 0.6
REGULARISATION = 0.25
FOLDS = 10
REPEATS = 5


def texts(shared, language):
    """Documents by name."""
    news = (shared / "data/news-pairs").glob(f"*.{language}.txt")
    held = {p.name.removesuffix(f".{language}.txt"): p.read_text() for p in news}
    table = shared / f"data/loaded-language/semeval2023.{language}.train.tsv"
    for row in table.read_text().split("\n")[1:]:
        if row.strip():
            article, number, _, text = row.split("\t", 3)
            held[f"{article}:{number}"] = text
    return held


def places(shared, language, name):
    """The judged spans: language, line, first byte in it, whether scare quotes, article."""
    documents = texts(shared, language)
    for row in (ROOT / "tests/cases/judgements" / name).read_text().splitlines()[1:]:
        document, start, _, label, _, draw = row.split("\t")
        if draw not in TRAINED_ON:
            continue
        text, start = documents[document], int(start)
        begin = text.rfind("\n", 0, start) + 1
        line = text[begin:].split("\n", 1)[0]
        yield language, line, len(text[begin:start].encode()), label == "scare", document.split(":")[0]


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


def best(scores, truth):
    """The best F1 that a threshold gives, and the threshold."""
    order = np.argsort(-scores)
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())
    at = f1.argmax()
    following = scores[order][min(at + 1, len(truth) - 1)]
    return f1[at], (scores[order][at] + following) / 2


def fit(features, truth, weights):
    return LogisticRegression(C=REGULARISATION, max_iter=2000).fit(features, truth, sample_weight=weights)


def cross_validated(features, truth, weights, groups, seed):
    """Scores of each span by weights that were fitted without its article."""
    shuffled = np.random.RandomState(seed).permutation(np.unique(groups))
    fold = {article: at % FOLDS for at, article in enumerate(shuffled)}
    folds, scores = np.array([fold[article] for article in groups]), np.zeros(len(truth))
    for held_out in range(FOLDS):
        rest = folds != held_out
        model = fit(features[rest], truth[rest], weights[rest])
        scores[~rest] = model.decision_function(features[~rest])
    return scores


def write(biases, weights):
    """Puts the weights into traits.rs, in the order of its table."""
    source = TRAITS.read_text()
    for name, bias in biases.items():
        source = re.sub(rf"(const {name}: f32 = )[-0-9.]+;", rf"\g<1>{bias:.2f};", source)
    following = iter(weights)
    source = re.sub(r'(    \(".*?", )[-0-9.]+(, \|s\|)', lambda m: f"{m[1]}{next(following):.2f}{m[2]}", source)
    TRAITS.write_text(source)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT / "../shared")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    judged = [*places(options.shared, "fr", "quotes.tsv"), *places(options.shared, "en", "quotes-en.tsv")]
    lines = {line: at for at, line in enumerate(dict.fromkeys((p[0], p[1]) for p in judged))}
    names, held = traits(["\t".join(line) for line in lines])
    spans = [(held.get((lines[p[0], p[1]], p[2])), *p) for p in judged]
    spans = [span for span in spans if span[0] is not None]
    english = np.array([span[1] == "en" for span in spans])
    features = np.array([span[0] for span in spans], dtype=float)
    features = np.hstack([features, english[:, None]])
    truth = np.array([span[4] for span in spans])
    groups = np.array([span[5] for span in spans])
    weights = np.where(english, ENGLISH_WEIGHT, 1.0)
    thresholds = {}
    for language, chosen in (("FRENCH", ~english), ("ENGLISH", english)):
        figures = []
        for seed in range(REPEATS):
            scores = cross_validated(features, truth, weights, groups, seed)[chosen]
            figures.append((*best(scores, truth[chosen]), average_precision_score(truth[chosen], scores)))
        f1, threshold, precision = np.mean(figures, axis=0)
        thresholds[language] = threshold
        print(f"{language}: {chosen.sum()} spans, {truth[chosen].sum()} scare quotes; cross-validation F1 {f1:.3f}, "
              f"average precision {precision:.3f}, threshold {threshold:.2f}")
    model = fit(features, truth, weights)
    coefficients = model.coef_[0]
    bias = model.intercept_[0]
    biases = {"FRENCH": bias - thresholds["FRENCH"], "ENGLISH": bias + coefficients[-1] - thresholds["ENGLISH"]}
    for name, value in [*biases.items(), *zip(names, coefficients)]:
        print(f"{value:.2f} {name}")
    if options.write:
        write(biases, coefficients[:-1])


if __name__ == "__main__":
    main()
