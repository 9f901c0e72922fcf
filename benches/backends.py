#!/usr/bin/env python3
"""The two translators on the same text in one run: speed, memory, disk and BLEU.

Build with `cargo build --release --features rust-bert`, have the model kept for rust-bert
(`visavis models pull opus-mt-fr-en --keep-for rust-bert`), and run

    python3 benches/backends.py --source flores-dev.fr --reference flores-dev.en --lines 300

Whole processes alternate, native, rust-bert, rust-bert, native …; loading is left out of the speed,
which is the median of the runs. Words are those of `translate --stats`. The CPU's seconds are those of
the whole process, and hang less on what else the machine does. Nothing is retried, as that would hang
on what each gives first. Needs nothing but Python's own library.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile

BACKENDS = ["native", "rust-bert"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--native", help="another program for the native backend")
    parser.add_argument("--model", default="opus-mt-fr-en")
    parser.add_argument("--source", required=True, help="a sentence a line")
    parser.add_argument("--reference", help="its translation, for BLEU")
    parser.add_argument("--from", dest="source_language", default="fr")
    parser.add_argument("--to", dest="target_language", default="en")
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.model}; {platform.processor() or platform.machine()}; {platform.release()}")
    print(f"{options.lines} lines, {options.threads} threads, {options.runs} runs\n")
    print("| backend | beam | words a second | CPU, s | load, s | memory, MB | disk, MB | BLEU | identical |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        source = head(options.source, options.lines, folder / "source.lines")
        for beam in options.beams:
            runs = {backend: [] for backend in BACKENDS}
            for number in range(options.runs):
                for backend in BACKENDS[:: 1 if number % 2 == 0 else -1]:
                    runs[backend].append(run(options, backend, beam, source, folder))
            texts = [(folder / f"{backend}.lines").read_text().splitlines() for backend in BACKENDS]
            same = sum(one == other for one, other in zip(*texts))
            for backend in BACKENDS:
                row(options, backend, beam, runs[backend], same, folder)


def head(path, lines, into):
    text = pathlib.Path(path).read_text().splitlines()[:lines]
    into.write_text("\n".join(text) + "\n")
    return into


def run(options, backend, beam, source, folder):
    """What one process did, as it tells itself."""
    stats = folder / "stats.json"
    program = (options.native if backend == "native" else None) or options.visavis
    command = [program, "translate", source, "-o", folder / f"{backend}.lines", "--fresh"]
    command += ["--from", options.source_language, "--to", options.target_language, "--offline"]
    command += ["--backend", backend] if options.native is None or backend != "native" else []
    command += ["--model", options.model, "--beam-size", str(beam)]
    command += ["--threads", str(options.threads), "--no-retry", "--stats", stats, "-q"]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command} failed")
    told = json.loads(stats.read_text())
    told["cpu_seconds"] = usage.ru_utime + usage.ru_stime
    return told


def row(options, backend, beam, runs, same, folder):
    speed = statistics.median(run["source_words"] / run["translate_seconds"] for run in runs)
    cpu = statistics.median(run["cpu_seconds"] for run in runs)
    load = statistics.median(run["load_seconds"] for run in runs)
    memory = max(run["peak_rss_bytes"] or 0 for run in runs) / 1e6
    score = "–"
    if options.reference:
        reference = head(options.reference, options.lines, folder / "reference.lines")
        command = [options.visavis, "evaluate", "translation", folder / f"{backend}.lines"]
        command += ["--reference", reference, "--metric", "bleu", "--output-format", "json"]
        told = subprocess.run(command, check=True, capture_output=True).stdout
        score = f"{json.loads(told)[0]['score']:.2f}"
    print(
        f"| {backend} | {beam} | {speed:.0f} | {cpu:.0f} | {load:.2f} | {memory:.0f} | {disk(options, backend):.0f} "
        f"| {score} | {same} of {options.lines} |"
    )


def disk(options, backend):
    """Megabytes of the files of the model that the backend reads."""
    store = os.environ.get("VISAVIS_MODELS")
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    store = pathlib.Path(store) if store else pathlib.Path(cache) / "visavis" / "models"
    if backend == "native":
        files = [store / f"{options.model}.visavis"]
    else:
        files = [*(store / f"{options.model}.rust-bert").iterdir()]
    return sum(file.stat().st_size for file in files) / 1e6


if __name__ == "__main__":
    main()
