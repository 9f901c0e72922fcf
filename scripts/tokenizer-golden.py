#!/usr/bin/env python3
"""Print the SHA-256 over the pieces into which the SentencePiece library cuts every line.

    python scripts/tokenizer-golden.py SOURCE.SPM VOCAB.JSON FILE…

tests/tokenizer.rs records what it prints (sentencepiece 0.2.3 made what is recorded). Of each line
the numbers of its pieces in the vocabulary are hashed, as decimals joined by spaces and ended by a
line feed.
"""

import hashlib
import json
import sys

import sentencepiece

processor = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    vocabulary = json.load(file)
unknown = vocabulary["<unk>"]
for name in sys.argv[3:]:
    digest, lines, pieces = hashlib.sha256(), 0, 0
    with open(name, encoding="utf-8", newline="\n") as file:
        for line in file:
            numbers = [
                vocabulary.get(piece, unknown)
                for piece in processor.encode(line.rstrip("\n"), out_type=str)
            ]
            digest.update((" ".join(map(str, numbers)) + "\n").encode())
            lines += 1
            pieces += len(numbers)
    print(name.rsplit("/", 1)[-1], lines, pieces, digest.hexdigest())
