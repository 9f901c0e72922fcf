#!/usr/bin/env python3
"""Trains the weights of the triage (src/terms/triage/LANG.weights).

    pip install numpy scipy scikit-learn
    scripts/train-triage.py fr --shared ../shared --visavis target/release/visavis
    scripts/train-triage.py en --shared ../shared --visavis target/release/visavis

A paragraph is loaded where SemEval-2023's annotators marked Loaded_Language in it. Articles whose
SHA-256 begins with an even byte are the tune part, which alone is looked at; the others are the
test part that `visavis evaluate flags` reports. For French, `--translated FILE` adds the English
paragraphs in French (`visavis translate --from en --to fr --input-format lines`), which are other
articles, at a lesser weight. Figures printed are of a cross-validation over the articles of the
tune part.
"""

import argparse
import hashlib
import json
import math
import re
import struct
import subprocess
import unicodedata

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold

BITS = 17
CATEGORIES = (
    "distancing insinuation evaluation label attribution intensifier euphemism conflict appeal "
    "scare-quotes"
).split()
ELIDED = "c d j l m n s t qu jusqu lorsqu puisqu quoiqu presqu quelqu entr".split()
WORD = re.compile(r"\w+(?:(?:['’ʼ\-‐‑·](?=\w))\w+|(?<=\d)[.,](?=\d)\w+)*|[%‰€$£¥&+=@#°]+")
C = 1.0
C_OF_RATIOS = 10.0
RAREST = 2
DENSE_SCALE = 0.5


def words(text):
    """As visavis::text::words and normalise."""
    found = []
    for match in WORD.finditer(text):
        rest = match.group()
        while True:
            cut = next((i for i, c in enumerate(rest) if c in "'’ʼ"), None)
            if cut is None or rest[:cut].lower() not in ELIDED or cut + 1 >= len(rest):
                break
            found.append(rest[: cut + 1])
            rest = rest[cut + 1 :]
        found.append(rest)
    table = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-"})
    return [unicodedata.normalize("NFC", w).lower().translate(table) for w in found]


def eat(state, data):
    for byte in data:
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return state


def fold(state):
    return (state ^ (state >> 15)) & ((1 << BITS) - 1)


KINDS = {kind: eat(0x811C9DC5, kind.encode()) for kind in "wpl"}
memo = {}


def of_word(word):
    """The places of a word and its letters, and the state after the word of a pair."""
    if word not in memo:
        padded = f" {word} "
        letters = {
            fold(eat(KINDS["l"], padded[i : i + n].encode()))
            for n in (3, 4, 5)
            for i in range(len(padded) - n + 1)
        }
        letters.add(fold(eat(KINDS["w"], word.encode())))
        memo[word] = (letters, eat(KINDS["p"], (word + " ").encode()))
    return memo[word]


def places(tokens):
    held = set()
    for word, after in zip(tokens, tokens[1:] + [None]):
        letters, state = of_word(word)
        held |= letters
        if after is not None:
            held.add(fold(eat(state, after.encode())))
    return sorted(held)


def dense(text, tokens, finds):
    count, characters = len(tokens), max(1, len(text))
    marks = lambda wanted, most: min(most, sum(c in wanted for c in text))
    numbers = [
        math.log1p(count),
        min(count, 150) / 150,
        marks("!", 3),
        marks("?", 3),
        marks("«“\"„", 4),
        marks("…", 2),
        marks(",", 10),
        marks(";:", 4),
        sum(c in "0123456789" for c in text) / characters,
        sum(c.isupper() for c in text) / characters,
        sum(map(len, tokens)) / max(1, count),
    ]
    severities = [sum(s == level for s, _ in finds) for level in ("low", "medium", "high")]
    categories = [sum(c == category for _, c in finds) for category in CATEGORIES]
    return numbers + [math.log1p(n) for n in severities + categories]


def finds_of(texts, language, visavis):
    run = subprocess.run(
        [visavis, "flag", "--from", language, "--input-format", "lines", "--output-format", "jsonl", "-q"],
        input="\n".join(texts) + "\n", capture_output=True, text=True, check=True,
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) == len(texts), (len(lines), len(texts))
    return [[(find["severity"], find["category"]) for find in line["finds"]] for line in lines]


def features(texts, language, visavis):
    indices, pointers, numbers = [], [0], []
    for text, finds in zip(texts, finds_of(texts, language, visavis)):
        tokens = words(text)
        held = places(tokens)
        indices.extend(held)
        pointers.append(len(indices))
        numbers.append(dense(text, tokens, finds))
    lengths = np.maximum(np.diff(pointers), 1)
    data = np.repeat(1 / np.sqrt(lengths), np.diff(pointers))
    matrix = sp.csr_matrix((data, indices, pointers), shape=(len(texts), 1 << BITS))
    return matrix, np.array(numbers)


def paragraphs(path):
    rows = open(path, encoding="utf-8").read().split("\n")[1:]
    cells = [row.split("\t", 3) for row in rows if row.strip()]
    return [(article, "Loaded_Language" in techniques.split(","), text) for article, _, techniques, text in cells]


def is_tune(article):
    return hashlib.sha256(article.encode()).digest()[0] % 2 == 0


def best_f1(truth, scores):
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    at = int(f1[:-1].argmax())
    return float(f1[at]), float(thresholds[at])


def ratios(hashed, truth):
    """How unevenly each place falls between loaded paragraphs and others: its log-count ratio, without sign."""
    held = hashed > 0
    loaded, others = (np.asarray(held[chosen].sum(0)).ravel() + 1.0 for chosen in (truth, ~truth))
    uneven = np.abs(np.log(loaded / loaded.sum()) - np.log(others / others.sum()))
    uneven[loaded + others - 2 < RAREST] = 0
    return uneven


def fit(hashed, numbers, truth, weights, by_ratios=False):
    mean, spread = numbers.mean(0), numbers.std(0) + 1e-6
    scale = ratios(hashed, truth) if by_ratios else np.ones(1 << BITS)
    together = sp.hstack([hashed @ sp.diags(scale), DENSE_SCALE * (numbers - mean) / spread]).tocsr()
    model = LogisticRegression(C=C_OF_RATIOS if by_ratios else C, class_weight="balanced", max_iter=400)
    model.fit(together, truth, sample_weight=weights)
    of_places, of_numbers = model.coef_[0][: 1 << BITS] * scale, model.coef_[0][1 << BITS :]
    of_numbers = of_numbers * DENSE_SCALE / spread
    return model.intercept_[0] - mean @ of_numbers, of_places, of_numbers


def score(model, hashed, numbers):
    bias, of_places, of_numbers = model
    return 1 / (1 + np.exp(-(bias + hashed @ of_places + numbers @ of_numbers)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("language", choices=("fr", "en"))
    arguments.add_argument("--shared", default="../shared")
    arguments.add_argument("--visavis", default="target/release/visavis")
    arguments.add_argument("--translated", help="the English paragraphs in French, a line each")
    arguments.add_argument("--lesser", type=float, default=0.3, help="weight of translated ones")
    arguments.add_argument("--ratios", action="store_true", help="scale places by log-count ratios")
    options = arguments.parse_args()
    folder = f"{options.shared}/data/loaded-language"
    rows = [r for r in paragraphs(f"{folder}/semeval2023.{options.language}.train.tsv") if is_tune(r[0])]
    hashed, numbers = features([text for *_, text in rows], options.language, options.visavis)
    truth = np.array([loaded for _, loaded, _ in rows])
    groups = np.array([article for article, *_ in rows])
    extra = None
    if options.translated:
        texts = open(options.translated, encoding="utf-8").read().split("\n")
        labels = [loaded for _, loaded, _ in paragraphs(f"{folder}/semeval2023.en.train.tsv")]
        extra = (*features(texts[: len(labels)], "fr", options.visavis), np.array(labels))

    def train(chosen):
        if extra is None:
            return fit(hashed[chosen], numbers[chosen], truth[chosen], None, options.ratios)
        count = len(extra[2])
        weights = np.r_[np.ones(len(chosen)), np.full(count, options.lesser)]
        return fit(
            sp.vstack([hashed[chosen], extra[0]]).tocsr(),
            np.vstack([numbers[chosen], extra[1]]),
            np.r_[truth[chosen], extra[2]],
            weights,
            options.ratios,
        )

    scores = np.zeros(len(rows))
    for chosen, held in GroupKFold(6).split(scores, truth, groups):
        scores[held] = score(train(chosen), hashed[held], numbers[held])
    f1, threshold = best_f1(truth, scores)
    precision = average_precision_score(truth, scores)
    print(f"{options.language}: cross-validation on the tune part: F1 {f1:.3f}, AP {precision:.3f}")

    bias, of_places, of_numbers = train(np.arange(len(rows)))
    scale = float(np.abs(of_places).max() / 127)
    packed = np.round(of_places / scale).astype(np.int8)
    path = f"src/terms/triage/{options.language}.weights"
    with open(path, "wb") as out:
        out.write(b"VVTR\x01" + bytes([BITS]) + struct.pack("<H", len(of_numbers)))
        out.write(struct.pack("<fff", bias, scale, threshold))
        out.write(of_numbers.astype("<f4").tobytes() + packed.tobytes())
    print(f"wrote {path}, threshold {threshold:.3f}")


if __name__ == "__main__":
    main()
