#!/usr/bin/env python3
"""Write tests/cases/evaluate/golden.json: sacreBLEU's scores of our own small test texts.

Run from the repository's root, with sacreBLEU installed (2.6.0 made what is committed):
    python scripts/evaluate-golden.py
With `--perturbed FILE…`, print instead its scores of each file against itself with every
seventh word dropped, which tests/evaluate_translation.rs records for texts that are not ours.
"""

import json
import sys
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

CASES = Path("tests/cases/evaluate")


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip() for line in file]


def scores(hypothesis, references):
    bleu = BLEU()
    score = bleu.corpus_score(hypothesis, references)
    return {
        "bleu": score.score,
        "bleu_line": score.format(width=2, signature=str(bleu.get_signature())),
        "chrf": CHRF().corpus_score(hypothesis, references).score,
        "chrf++": CHRF(word_order=2).corpus_score(hypothesis, references).score,
    }


def drop_every_seventh_word(line):
    return " ".join(word for i, word in enumerate(line.split(" ")) if i % 7 != 6)


def main():
    if sys.argv[1:2] == ["--perturbed"]:
        for path in sys.argv[2:]:
            reference = lines(path)
            hypothesis = [drop_every_seventh_word(line).rstrip() for line in reference]
            print(path, scores(hypothesis, [reference]))
        return
    sets = [
        ("hypothesis", ["reference-a"]),
        ("hypothesis", ["reference-b"]),
        ("hypothesis", ["reference-a", "reference-b"]),
        ("reference-a", ["reference-b"]),
        ("reference-a", ["reference-a"]),
    ]
    golden = {"sacrebleu": sacrebleu.__version__, "scores": []}
    for hypothesis, references in sets:
        values = scores(
            lines(CASES / f"{hypothesis}.txt"), [lines(CASES / f"{r}.txt") for r in references]
        )
        golden["scores"].append({"hypothesis": hypothesis, "references": references, **values})
    text = json.dumps(golden, indent=1, ensure_ascii=False)
    (CASES / "golden.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
