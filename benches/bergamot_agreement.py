#!/usr/bin/env python3
"""How many sentences a Firefox model translates as bergamot does, and those that differ.

    cat flores-dev.en <(head -3 news2013.en) > thousand.en
    bergamot-run/bin/python benches/peers/run_bergamot.py --model ENPT_FOLDER \
        --source thousand.en --output thousand.pt
    bergamot-run/bin/python scripts/bergamot-golden.py PTEN_FOLDER < thousand.pt > golden.en
    python benches/bergamot_agreement.py --model firefox-pt-en --from pt \
        --source thousand.pt --golden golden.en

No Portuguese text with a reference is at hand, so bergamot makes the Portuguese. It is easier than
what people write: BLEU on it compares two engines, and says nothing of the model's quality.
Every difference is printed, to be explained. Fails where fewer than `--least` of all agree.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

from peers.process import read_lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--model", default="firefox-pt-en")
    parser.add_argument("--from", dest="source_language", default="pt")
    parser.add_argument("--to", dest="target_language", default="en")
    parser.add_argument("--source", required=True, help="one sentence a line")
    parser.add_argument("--golden", required=True, help="bergamot's, one sentence a request")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--least", type=float, default=0.99, help="the share that must agree")
    options = parser.parse_args()

    sources, golden = read_lines(options.source), read_lines(options.golden)
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "ours.txt"
        command = [options.visavis, "translate", options.source, "-o", output, "--quiet"]
        command += ["--input-format", "lines", "--output-format", "text", "--offline"]
        command += ["--from", options.source_language, "--to", options.target_language]
        command += ["--model", options.model, "--beam-size", 1, "--threads", options.threads]
        subprocess.run(list(map(str, command)), check=True)
        ours = read_lines(output)

    agreeing = 0
    for number, (source, expected, our) in enumerate(zip(sources, golden, ours, strict=True), 1):
        if our == expected:
            agreeing += 1
        else:
            print(f"{number}\n  source   {source}\n  bergamot {expected}\n  visavis  {our}")
    share = agreeing / len(sources)
    print(f"{agreeing} of {len(sources)} agree ({share:.1%})")
    if share < options.least:
        sys.exit(1)


if __name__ == "__main__":
    main()
