#!/usr/bin/env python3
"""How many translations have a fault that the texts alone show, with retries and without.

    cargo build --release
    python benches/faults.py --source news.txt
    python benches/faults.py --source lines.fr --input-format lines --lines 20001-40000

Every source is translated twice: with `--no-retry` (what the model gives first) and as users get
it. Both are judged here, by rules of this script's own that share nothing with the program's but
their aim. What the program itself tells is counted, too: its checks (`visavis flag`) and its
problems, which it keeps in a translation memory. With `--only-faulty` the second run gets only the
segments that any of the three finds fault with; as only those with problems are translated again,
the others come out the same. With `--reference` BLEU of both is told, too.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import tempfile

KINDS = ["empty", "copied", "repetition", "length", "number"]
CHECKS = ["check/repetition", "check/length", "check/number"]
PROBLEMS = [f"translate/{kind}" for kind in KINDS]
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
NUMBER = re.compile(r"\d+(?:[.,   ]\d+)*")


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for source in options.source:
            text = cut(source, options.lines, folder)
            report(options, text, folder)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--source", nargs="+", required=True)
    parser.add_argument("--lines", help="only these lines of each, such as 1-20000")
    parser.add_argument("--input-format", choices=["text", "lines"], default="text")
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--only-faulty",
        action="store_true",
        help="retry only segments that have a fault the first time: much quicker",
    )
    parser.add_argument("--reference", help="of the one source, a line each")
    parser.add_argument("--keep", type=pathlib.Path, help="keep the translations in this folder")
    return parser.parse_args()


def cut(source, lines, folder):
    if not lines:
        return pathlib.Path(source)
    first, last = map(int, lines.split("-"))
    with open(source, encoding="utf8", newline="\n") as file:
        chosen = [line for number, line in enumerate(file, 1) if first <= number <= last]
    path = folder / pathlib.Path(source).name
    path.write_text("".join(chosen), "utf8")
    return path


def report(options, text, folder):
    folder = options.keep or folder
    first = Run(options, text, folder / f"{text.name}.first.jsonl", ["--no-retry"])
    if options.only_faulty:
        # The other segments have none of these faults, and so do not count on either side.
        text = folder / f"{text.name}.faulty.lines"
        text.write_text("".join(f"{source}\n" for source in first.faulty), "utf8")
    kept = Run(options, text, folder / f"{first.name}.kept.jsonl", [])
    print(f"{first.name}: {first.segments} segments, {first.stats['source_words']} words, ", end="")
    print(f"beam of {options.beam_size}\n")
    print("| fault | first | kept |\n| --- | ---: | ---: |")
    for name in [*KINDS, *CHECKS, *PROBLEMS]:
        print(f"| {name} | {first.counts[name]} | {kept.counts[name]} |")
    print(f"| segments with any | {len(first.faulty)} | {len(kept.faulty)} |")
    if options.reference:
        both = [first.targets, first.targets | kept.targets]
        scores = [bleu(options, first.sources, targets, folder) for targets in both]
        print(f"| BLEU | {scores[0]} | {scores[1]} |")
    seconds = [run.stats["translate_seconds"] for run in (first, kept)]
    second = "–" if options.only_faulty else f"{seconds[1]:.0f}"
    print(f"| seconds | {seconds[0]:.0f} | {second} |\n", flush=True)


class Run:
    """A translation, and how many of its segments have each fault."""

    def __init__(self, options, text, output, extra):
        self.name = text.name
        stats = output.with_suffix(".json")
        if not output.exists():
            translate(options, text, output, stats, extra)
        self.stats = json.loads(stats.read_text("utf8"))
        self.counts = collections.Counter()
        self.faulty = []
        self.sources = []
        self.segments = 0
        self.targets = {}
        told = problems(options, output)
        for pair, flags in zip(read(output), flagged(options, output), strict=True):
            source, target = texts(pair)
            self.targets[source] = target
            self.sources.append(source)
            said = flags & set(CHECKS) | told.get(source, set()) & set(PROBLEMS)
            found = faults(source, target) | said
            self.counts.update(found)
            self.segments += 1
            if found:
                self.faulty.append(source.replace("\n", " "))


def bleu(options, sources, targets, folder):
    output = folder / "bleu.txt"
    output.write_text("".join(f"{targets[source]}\n" for source in sources), "utf8")
    command = [options.visavis, "evaluate", "translation", output, "--metric", "bleu"]
    command += ["--reference", options.reference, "--output-format", "json"]
    run = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE)
    return f"{json.loads(run.stdout)[0]['score']:.2f}"


def translate(options, text, output, stats, extra):
    command = [options.visavis, "translate", text, "-o", output, "--stats", stats, "--quiet"]
    lines = text.suffix == ".lines"
    command += ["--offline", "--input-format", "lines" if lines else options.input_format]
    command += ["--beam-size", options.beam_size, "--threads", options.threads, *extra]
    command += ["--memory", output.with_suffix(".memory")]
    subprocess.run(list(map(str, command)), check=True)


def flagged(options, output):
    """What the program's own checks say of each segment."""
    checked = output.with_suffix(".checked.jsonl")
    if not checked.exists():
        command = [options.visavis, "flag", output, "-o", checked, "--quiet"]
        subprocess.run(list(map(str, command)), check=True)
    for pair in read(checked):
        yield {flag["entry"] for flag in pair["flags"]}


def problems(options, output):
    """What the program told of each sentence."""
    exported = output.with_suffix(".problems.jsonl")
    if not exported.exists():
        command = [options.visavis, "memory", "export", output.with_suffix(".memory"), exported]
        subprocess.run([*map(str, command), "--quiet"], check=True)
    return {
        texts(pair)[0]: {flag["entry"] for flag in pair["flags"]} for pair in read(exported)
    }


def texts(pair):
    return [" ".join(segment["text"] for segment in pair[side]) for side in ("source", "target")]


def read(path):
    with open(path, encoding="utf8") as file:
        next(file)
        for line in file:
            yield json.loads(line)


def faults(source, target):
    if not re.search(r"[^\W\d_]", source):
        return set()
    if not re.search(r"\w", target):
        return {"empty"}
    tests = {"copied": copied, "repetition": repeated, "length": absurd, "number": dropped}
    return {name for name, test in tests.items() if test(source, target)}


def copied(source, target):
    held = set(source.split())
    words = [word for word in target.split() if word.islower() and len(word) > 1]
    same = sum(word in held for word in words)
    return same >= 4 and same >= 0.7 * len(words)


def repeated(source, target):
    return loops(target) > max(1, loops(source)) or scattered(target) > max(2, scattered(source, 3))


def loops(text):
    """The most rounds of a run of words that follows itself; two of one word do not count."""
    words = [word.lower() for word in WORD.findall(text)]
    most = 1
    for period in range(1, 13):
        run = 0
        for at in range(period, len(words)):
            run = run + 1 if words[at] == words[at - period] else 0
            rounds = run // period + 1
            if rounds > (2 if period == 1 else 1):
                most = max(most, rounds)
    return most


def scattered(text, length=4):
    """How often the most frequent run of words stands in it."""
    words = [word.lower() for word in WORD.findall(text)]
    runs = collections.Counter(zip(*(words[start:] for start in range(length))))
    return max(runs.values(), default=0)


def absurd(source, target):
    source, target = len(source), len(target)
    return source >= 15 and not 0.35 <= target / source <= 2.2


def dropped(source, target):
    """A number of two digits or more whose digits the translation lacks."""
    digits = "".join(re.findall(r"\d+", target))
    numbers = [re.sub(r"\D", "", number) for number in NUMBER.findall(source)]
    return any(len(number) > 1 and number not in digits for number in numbers)


if __name__ == "__main__":
    main()
