#!/usr/bin/env python3
"""Write lexicons/en.words, the English word list of the check for invented words, from SCOWL.

    apt-get download scowl && dpkg-deb -x scowl_*.deb scowl     (2020.12.07 made what is committed)
    python scripts/english-words.py scowl/usr/share/dict/scowl lexicons/en.words

It holds the words up to size 70 in British, American, Canadian and Australian spelling, without
accents and possessives. A plural in -s is left out where its singular is listed: the reader
derives it. The format is described in src/terms/checks/dictionary.rs.
"""

import re
import struct
import sys
import unicodedata
from pathlib import Path

SIZE = 70
SPELLINGS = "english|american|british|british_z|canadian|australian|variant_1|variant_2"
KINDS = "words|upper|proper-names|abbreviations|contractions"
NAME = re.compile(rf"(?:{SPELLINGS}|(?:british|canadian|australian)_variant_[12])-(?:{KINDS})\.(\d+)")
BLOCK = 32


def plain(word):
    letters = unicodedata.normalize("NFD", word.strip())
    word = "".join(c for c in letters if not unicodedata.combining(c))
    return word.removesuffix("'s")


def read(folder):
    words = set()
    for file in sorted(folder.iterdir()):
        match = NAME.fullmatch(file.name)
        if match and int(match[1]) <= SIZE:
            words.update(plain(line) for line in file.read_text("iso-8859-1").splitlines())
    words = {w for w in words if re.fullmatch(r"[A-Za-z][a-z]*(?:['-][a-z]+)*", w) and len(w) < 31}
    words = {w for w in words if w.islower() or w.lower() not in words}
    return {w for w in words if not (w.endswith("s") and w[-2:] != "ss" and w[:-1] in words)}


def encode(words):
    """Blocks of front-coded words: a byte (shared << 4 | added), then the added letters."""
    blocks, previous, held = [], "", BLOCK
    for word in sorted(words):
        shared = 0
        while shared < min(len(previous), len(word), 15) and previous[shared] == word[shared]:
            shared += 1
        if held == BLOCK or len(word) - shared > 15:
            blocks.append(bytearray([len(word)]) + word.encode())
            held = 1
        else:
            blocks[-1] += bytes([shared << 4 | len(word) - shared]) + word[shared:].encode()
            held += 1
        previous = word
    starts, at = [], 0
    for block in blocks:
        starts.append(at)
        at += len(block)
    head = struct.pack(f"<{len(starts) + 1}I", len(starts), *starts)
    return head + b"".join(blocks)


def main():
    folder, output = map(Path, sys.argv[1:])
    words = read(folder)
    output.write_bytes(encode(words))
    print(f"{len(words)} words, {output.stat().st_size} bytes")


main()
