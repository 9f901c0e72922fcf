#!/usr/bin/env python3
"""Score `visavis align sentences` on texts aligned by hand.

Prints a Markdown table. From the repository's root:

    cargo build --release && python benches/alignment.py ../shared/data/sentence-alignment

With `--scale N` a text of N lines, the novels' lines over and over, is aligned instead, and time and
memory are told. With `--beads` the beads' scores are held against the gold instead: of the texts that
weights were fitted on and of the others, how many beads of each score are the gold's, and which wrong ones
have the highest scores. With `--documents` the documents of the folder (NAME.fr.txt and NAME.en.txt,
a paragraph a line) are aligned with and without their paragraphs, and pairs across paragraphs are counted.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

TUNED_ON = ["text-berg-dev", "AlicesAdventuresInWonderland", "Candide"]


def texts(folder):
    """Name, source, target, gold and languages of every text."""
    berg = folder / "text-berg-dev"
    yield "text-berg-dev", berg / "dev.de", berg / "dev.fr", berg / "dev.defr", ("de", "fr")
    for gold in sorted((folder / "novels").glob("*.gold")):
        yield gold.stem, gold.with_suffix(".fr"), gold.with_suffix(".en"), gold, ("fr", "en")


def align(binary, source, target, languages, out, options):
    output = out.suffix.removeprefix(".")
    command = [binary, "align", "sentences", source, target, "--from", languages[0], "--to",
               languages[1], "--input-format", "lines", "--output-format", output, "-o", out,
               "--quiet", *options]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def score(binary, pairs):
    files = [file for pair in pairs for file in pair]
    command = [binary, "evaluate", "alignment", "--output-format", "json", *files]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def quality(arguments, folder):
    pairs = {}
    for name, source, target, gold, languages in texts(arguments.data):
        out = folder / f"{name}.links"
        align(arguments.binary, source, target, languages, out, arguments.passed)
        pairs[name] = (gold, out)
    novels = [name for name in pairs if name != "text-berg-dev"]
    rows = {name: [name] for name in pairs}
    rows["five novels"] = novels
    rows["three novels that nothing was tuned on"] = [n for n in novels if n not in TUNED_ON]
    print("| text | strict P / R / F1 | lax P / R / F1 |\n| --- | --- | --- |")
    for title, names in rows.items():
        report = score(arguments.binary, [pairs[name] for name in names])
        cells = [" / ".join(f"{report[kind][m]:.3f}" for m in ("precision", "recall", "f1"))
                 for kind in ("strict", "lax")]
        print(f"| {title} | {cells[0]} | {cells[1]} |")
    print("\nStrict recall by kind of bead, five novels:\n")
    for kind in score(arguments.binary, [pairs[name] for name in novels])["kinds"]:
        print(f"- {kind['kind']}: {kind['recall']:.3f} of {kind['links']}")


def scale(arguments, folder):
    lines = {"fr": [], "en": []}
    for _, source, target, _, languages in texts(arguments.data):
        if languages == ("fr", "en"):
            lines["fr"] += source.read_text("utf-8").splitlines()
            lines["en"] += target.read_text("utf-8").splitlines()
    for language, text in lines.items():
        repeated = [text[n % len(text)] for n in range(arguments.scale)]
        (folder / f"long.{language}").write_text("\n".join(repeated) + "\n", "utf-8")
    seconds = align(arguments.binary, folder / "long.fr", folder / "long.en", ("fr", "en"),
                    folder / "long.links", arguments.passed)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = usage.ru_utime + usage.ru_stime
    print(f"{arguments.scale} lines: {seconds:.1f} s, {processor:.1f} s of a processor, "
          f"{usage.ru_maxrss / 1024:.0f} MB")


DOUBTFUL = 0.6
SCORES = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.01]
WORST = 10


def read_gold(path):
    """The beads of a gold file: the lines of each side."""
    return {tuple(tuple(json.loads(side)) for side in line.split(":"))
            for line in path.read_text("utf-8").splitlines()}


def beads(arguments, folder):
    all_beads = {"fitted on": [], "not fitted on": []}
    for name, source, target, gold, languages in texts(arguments.data):
        out = folder / f"{name}.jsonl"
        align(arguments.binary, source, target, languages, out, arguments.passed)
        right = read_gold(gold)
        # Of what stands alone the score tells that its sentences do, however they are joined.
        alone = [{line for bead in right if not bead[1 - side] for line in bead[side]} for side in (0, 1)]
        held = all_beads["fitted on" if name in TUNED_ON else "not fitted on"]
        for line in out.read_text("utf-8").splitlines()[1:]:
            pair = json.loads(line)
            sides = tuple(tuple(s["block"] for s in pair[side]) for side in ("source", "target"))
            if pair["score"] is not None:
                is_right = sides in right if all(sides) else all(
                    line in alone[side] for side in (0, 1) for line in sides[side])
                held.append((pair["score"], is_right, name, pair))
    for title, held in all_beads.items():
        print(f"\n## Texts that weights were {title}\n\n| score | beads | mean score | right |")
        print("| --- | --- | --- | --- |")
        for low, high in zip(SCORES, SCORES[1:]):
            some = [bead for bead in held if low <= bead[0] < high]
            if some:
                mean = sum(score for score, *_ in some) / len(some)
                share = sum(right for _, right, *_ in some) / len(some)
                print(f"| {low} to {min(high, 1)} | {len(some)} | {mean:.2f} | {share:.2f} |")
        print("\nThe wrong ones with the highest scores:\n")
        wrong = sorted((bead for bead in held if not bead[1]), key=lambda bead: -bead[0])
        for score, _, name, pair in wrong[:WORST]:
            source, target = (" / ".join(f"{s['block']} {s['text']}" for s in pair[side])
                              for side in ("source", "target"))
            print(f"- {score:.3f} {name}: {source} = {target}")


def align_all(arguments, pairs, out, form):
    """Aligns files of pairs, by name; gives the pairs of sentences of each."""
    out.mkdir()
    listed = out.with_suffix(".tsv")
    listed.write_text("".join(f"{source}\t{target}\n" for source, target in pairs.values()), "utf-8")
    command = [arguments.binary, "align", "sentences", "--pairs", listed, "--from", "fr", "--to", "en",
               "--input-format", form, "--output-format", "jsonl", "-o", out, "--quiet"]
    subprocess.run([*command, *arguments.passed], check=True)
    results = {name: (out / source.with_suffix(".jsonl").name).read_text("utf-8")
               for name, (source, _) in pairs.items()}
    return {name: [json.loads(line) for line in text.splitlines()[1:]]
            for name, text in results.items()}


def documents(arguments, folder):
    names = [path.name.removesuffix(".fr.txt") for path in sorted(arguments.data.glob("*.fr.txt"))]
    texts = {name: [arguments.data / f"{name}.{language}.txt" for language in ("fr", "en")]
             for name in names}
    known = align_all(arguments, texts, folder / "known", "text")
    blocks, lines = {}, {}
    for name, pairs in known.items():
        sides = [[s for pair in pairs for s in pair[side]] for side in ("source", "target")]
        blocks[name] = [[s["block"] for s in side] for side in sides]
        lines[name] = [folder / f"{name}.{language}" for language in ("fr", "en")]
        for path, side in zip(lines[name], sides):
            path.write_text("".join(s["text"].replace("\n", " ") + "\n" for s in side), "utf-8")
    unknown = align_all(arguments, lines, folder / "unknown", "lines")
    print("| paragraphs | pairs | across paragraphs of one side | doubtful | sentences alone |")
    print("| --- | --- | --- | --- | --- |")
    for title, results in ("known", known), ("not known", unknown):
        paired = across = doubtful = alone = 0
        for name, pairs in results.items():
            for pair in pairs:
                sides = pair["source"], pair["target"]
                if not all(sides):
                    alone += len(sides[0]) + len(sides[1])
                    continue
                held = [{s["block"] if title == "known" else of[s["block"]] for s in side}
                        for side, of in zip(sides, blocks[name])]
                paired += 1
                across += any(len(numbers) > 1 for numbers in held)
                doubtful += pair["score"] < DOUBTFUL
        print(f"| {title} | {paired} | {across} | {doubtful} | {alone} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder, or with --documents that of the documents")
    parser.add_argument("--binary", default="target/release/visavis")
    parser.add_argument("--scale", type=int)
    parser.add_argument("--beads", action="store_true")
    parser.add_argument("--documents", action="store_true")
    parser.add_argument("--threads", default="2")
    parser.add_argument("--no-model", action="store_const", const=["--no-model"], default=[])
    parser.add_argument("--no-encoder", action="store_const", const=["--no-encoder"], default=[])
    arguments = parser.parse_args()
    arguments.passed = ["--threads", arguments.threads, *arguments.no_model, *arguments.no_encoder]
    with tempfile.TemporaryDirectory() as folder:
        jobs = [(scale, arguments.scale), (beads, arguments.beads), (documents, arguments.documents)]
        job = next((job for job, wanted in jobs if wanted), quality)
        job(arguments, Path(folder))


if __name__ == "__main__":
    main()
