#!/usr/bin/env python3
"""Soak `visavis translate` on generated files of lines, and watch its memory and its journal.

From the repository's root, on Linux:

    cargo build --release && python benches/soak.py --lines 1000000 --resume

Prints a Markdown table: for a file of `--short` lines and one of `--lines`, how long it took, source
words a second and the most memory held, with memory over time. With `--resume`, kills the long run
half way, gives the same command again, compares the bytes, and tells how long it took until the
second run had written its first window. With `--overhead LINES`, translates so many lines once to a
file, with a journal, and once to a pipe, without one, in turn, and compares time and CPU time.

A line is one of `--distinct` sentences, so a window translates each of those that stand in it
once: the figures are those of the pipeline, not of the engine. With `--distinct 0` no line stands
twice: made up, or with `--text FILE` the lines of that file, each once.
"""

import argparse
import hashlib
import itertools
import json
import random
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = ["Paris", "Lyon", "Marseille", "Lille", "Nantes", "Brest", "Nice", "Rennes", "Dijon", "Metz"]
VERBS = ["présente", "annonce", "refuse", "prépare", "défend", "retire", "examine", "signe"]
THINGS = ["un budget", "une réforme", "un accord", "un projet", "une loi", "un plan", "une liste"]


def sentences(count):
    dice = random.Random(1)
    for number in range(count):
        yield (f"Le maire de {dice.choice(NAMES)} {dice.choice(VERBS)} {dice.choice(THINGS)} "
               f"pour {number + 2000}.\n")


def distinct_lines(text, count):
    """The first `count` lines of a text, each once; or as many that are made up."""
    if text is None:
        return list(sentences(count))
    with open(text, encoding="utf-8", newline="\n") as file:
        lines = list(itertools.islice(dict.fromkeys(line for line in file if line.strip()), count))
    if len(lines) < count:
        raise SystemExit(f"{text} has only {len(lines)} lines that differ")
    return lines


def corpus(path, lines, arguments):
    if arguments.distinct == 0:
        path.write_text("".join(distinct_lines(arguments.text, lines)), encoding="utf-8")
        return
    pool = distinct_lines(arguments.text, arguments.distinct)
    dice = random.Random(2)
    with open(path, "w", encoding="utf-8") as out:
        for start in range(0, lines, 10_000):
            out.write("".join(dice.choices(pool, k=min(10_000, lines - start))))


def rss(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return None


def run(arguments, source, target, until=None):
    """Runs to the end, or kills once `until` of the lines are written; progress with memory."""
    command = [arguments.visavis, "translate", source, "-o", target, "--progress", "json", "--stats",
               f"{target}.stats", *arguments.options]
    start = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    course, first = [], None
    for line in process.stderr:
        if not line.startswith("{"):
            continue
        status = json.loads(line)
        first = first or time.monotonic() - start
        course.append((time.monotonic() - start, status["lines"], rss(process.pid)))
        if until and status["lines"] >= until:
            process.kill()
            break
    process.stderr.close()
    process.wait()
    seconds = time.monotonic() - start
    if until:
        return seconds, first, course, None
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return seconds, first, course, json.loads(Path(f"{target}.stats").read_text())


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def course_of(course, count=8):
    step = max(1, len(course) // count)
    points = [f"{seconds:.0f} s: {memory:.0f} MB" for seconds, _, memory in course[::step] if memory]
    return ", ".join(points)


def overhead(arguments, folder):
    source = folder / "distinct.fr"
    lines = distinct_lines(arguments.text, arguments.overhead)
    source.write_text("".join(lines), encoding="utf-8")
    runs = {"a file, with a journal": [], "a pipe, without": []}
    for _ in range(arguments.repeat):
        for name, figures in runs.items():
            stats = folder / "stats"
            command = [arguments.visavis, "translate", source, "--stats", stats, *arguments.options]
            if name.startswith("a file"):
                command += ["-o", folder / "distinct.en"]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            figures.append((json.loads(stats.read_text())["translate_seconds"], cpu))
    medians = {}
    for name, figures in runs.items():
        wall, cpu = zip(*figures)
        medians[name] = statistics.median(wall), statistics.median(cpu)
        each = ", ".join(f"{w:.2f}/{c:.2f}" for w, c in figures)
        print(f"{name}: median {medians[name][0]:.2f} s, {medians[name][1]:.2f} s of CPU ({each})")
    (wall, cpu), (bare_wall, bare_cpu) = medians.values()
    print(f"overhead: {100 * (wall / bare_wall - 1):.1f} % of time, "
          f"{100 * (cpu / bare_cpu - 1):.1f} % of CPU")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--short", type=int, default=10_000, help="lines of the short file")
    parser.add_argument("--distinct", type=int, default=50, help="0: no line stands twice")
    parser.add_argument("--text", help="a file whose lines are translated, each once")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--overhead", type=int, metavar="LINES")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("options", nargs="*", help="options of `visavis translate`, after --")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if arguments.overhead:
            overhead(arguments, folder)
            return
        print("| lines | seconds | source words a second | most memory, MB | memory over time |")
        print("| ---: | ---: | ---: | ---: | --- |")
        for lines in (arguments.short, arguments.lines):
            source, target = folder / f"{lines}.fr", folder / f"{lines}.en"
            corpus(source, lines, arguments)
            seconds, _, course, stats = run(arguments, source, target)
            with open(target, "rb") as file:
                assert sum(1 for _ in file) == lines
            rate = stats["source_words"] / stats["translate_seconds"]
            print(f"| {lines:,} | {seconds:.1f} | {rate:,.0f} | "
                  f"{stats['peak_rss_bytes'] / 1e6:.0f} | {course_of(course)} |", flush=True)
        if arguments.resume:
            again = folder / "again.en"
            run(arguments, source, again, until=arguments.lines // 2)
            seconds, first, _, stats = run(arguments, source, again)
            same = digest(again) == digest(target)
            print(f"\nKilled half way; the second run wrote its first batch after {first:.1f} s and "
                  f"was done after {seconds:.1f} s; the bytes are "
                  f"{'the same' if same else 'NOT THE SAME'}.")


if __name__ == "__main__":
    main()
