#!/usr/bin/env python3
"""Fills fuzz/corpus/ with cases for each parser to begin with, from the project's own files.

From the repository's root. Model files are taken from `tests/cases/`, and made smaller where they are
larger than the fuzzer can use.
"""

import gzip
import bz2
import lzma
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST = 1 << 16

FILES = {
    "text": ["corpus/*.txt", "tests/cases/*.txt"],
    "lines": ["tests/cases/bergamot.*"],
    "segment": ["corpus/*.txt"],
    "bitext-jsonl": ["tests/cases/*.jsonl", "tests/cases/bitext/*.jsonl"],
    "bitext-tsv": ["tests/cases/bitext/*.tsv"],
    "bitext-tmx": ["tests/cases/bitext/*.tmx"],
    "bitext-html": ["tests/cases/bitext/*.html"],
    "memory-import": ["tests/cases/*.jsonl", "tests/cases/bitext/*.jsonl"],
    "parquet": ["tests/cases/*.parquet"],
    "lexicon": ["lexicons/*.toml"],
    "weights": ["tests/cases/models/**/*.bin", "tests/cases/models/**/*.safetensors",
                "tests/cases/models/**/*.pt"],
    "marian": ["tests/cases/models/**/*.bin"],
    "shortlist": ["tests/cases/models/**/lex*"],
    "pieces": ["tests/cases/models/**/*.spm"],
    "compiled": ["tests/cases/models/**/*.visavis"],
}

TEXTS = {
    "text": [b"date 2017-10 Bonjour.\n\nUne ligne\nqui va\n", b"\xff\xfeB\0o\0n\0\n\0", b"\xef\xbb\xbfa\r\n"],
    "lines": [b"Bonjour.\r\n\n  Il pleut. \n", b"\xe9t\xe9\n"],
    "jsonl": [b'{"id": 1.0, "body": "Il pleut.\\n\\nEncore.", "body.en": null}\n{"body":"\\ud83d"}\n[1]\n'],
    "tsv": [b'1\tIl "pleut".\tx\r\n2\n\n3\t\t\t\n'],
    "csv": [b'a;b\n1;"Il; ""pleut""\nencore"\n2;"le" monde\n3;"open\n', b'a,b\n"x",y\n'],
    "bitext-tsv": [b"source\ttarget\nIl pleut.\tIt rains.\n", b"a\tb\n"],
    "bitext-tmx": [
        b'<?xml version="1.0"?><tmx version="1.4"><header/><body><tu tuid="1"><tuv xml:lang="fr"><seg>a <ph x="1">'
        b'&lt;</ph>&#233;</seg></tuv><tuv xml:lang="en"><seg>b</seg></tuv></tu></body></tmx>'
    ],
    "lexicon-csv": [b'lemma;keep;severity\njunte;"junta\nregime";high\n'],
    "lexicon-tbx": [
        b'<tbx type="TBX-Basic" style="dca" xml:lang="fr"><text><body><conceptEntry id="c1"><note>visavis id: junte'
        b'</note><langSec xml:lang="fr"><termSec><term>junte</term></termSec></langSec><langSec xml:lang="en"><termSec>'
        b'<term>junta &amp; co</term></termSec></langSec></conceptEntry></body></text></tbx>'
    ],
    "bitext-html": [b'<script type="application/jsonl" id="bitext">\n{}\n</script>'],
    "bitext-moses": [b"Il pleut.\nIl neige.\n\0It rains.\nIt snows.\n"],
    "options": [b"dim-emb: 8\ndim-vocabs:\n  - 51\n  - 51\ninput-types:\n  []\ntype: transformer\n"],
    "journal": [b'0123456789abcdef {"job":{"model":"a"}}\n'],
    "compression": [pack(b"Bonjour. " * 20) for pack in (gzip.compress, bz2.compress, lzma.compress)],
}


def main():
    cases = {name: list(texts) for name, texts in TEXTS.items()}
    for name, patterns in FILES.items():
        for pattern in patterns:
            files = sorted(ROOT.glob(pattern))
            cases.setdefault(name, []).extend(file.read_bytes() for file in files if file.is_file())
    for name, texts in cases.items():
        folder = ROOT / "fuzz/corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (folder / f"seed-{number}").write_bytes(text[:MOST])


if __name__ == "__main__":
    main()
