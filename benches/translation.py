#!/usr/bin/env python3
"""Speed, quality and memory against a peer: the same weights, text and threads, in one run.

Set up the peers as benches/peers/run_ctranslate2.py and benches/peers/run_bergamot.py say, build
ours with `cargo build --release`, and have sacrebleu in the environment that runs this script.

    python benches/translation.py --peer ctranslate2 --peer-python ctranslate2-run/bin/python \
        --peer-model CT2_FOLDER --pieces OPUS_MT_FOLDER \
        --model opus-mt-fr-en --reference-model opus-mt-fr-en-f32 \
        --source flores-dev.fr news2013.fr --reference flores-dev.en news2013.en
    python benches/translation.py --peer bergamot --peer-python bergamot-run/bin/python \
        --peer-model PTEN_FOLDER --model firefox-pt-en --from pt \
        --source flores-dev.pt --reference flores-dev.en --beams 1
    python benches/translation.py --scaling --source flores-dev.fr news2013.fr --beams 1
    python benches/translation.py --latency --sentence 'Le chat dort.' --peer …

Whole processes alternate: ours, the peer's, the peer's, ours … Loading is left out on both sides.
CTranslate2 gets pieces that were cut before its timer starts and joined after it stops; ours and
bergamot's are timed from the text to the text. Source words are those between white space, for all.
The ratio is the median of the runs' ratios. `--reference-model` translates once, without a
shortlist and with the same beam: the quality that ours must keep.

`--scaling` sets ourselves on one thread against ourselves on `--threads`, and compares the bytes.
`--latency` times whole processes, from their start to their end, on one short sentence.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

from peers.process import read_lines, timed, write_lines

PEERS = {"ctranslate2": "CTranslate2 int8", "bergamot": "bergamot"}


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, pathlib.Path(folder))
        print(f"{options.model}; {processor()}; {platform.system()} {platform.release()}")
        if options.latency:
            latency(bench)
        elif options.scaling:
            scaling(bench)
        else:
            speed(bench)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--scaling", action="store_true", help="one thread against --threads")
    modes.add_argument("--latency", action="store_true", help="one sentence, whole processes")
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--model", default="opus-mt-fr-en")
    parser.add_argument("--from", dest="source_language", default="fr")
    parser.add_argument("--to", dest="target_language", default="en")
    parser.add_argument("--reference-model", help="our model in f32, for the quality to keep")
    parser.add_argument("--peer", choices=PEERS)
    parser.add_argument("--peer-python", default=sys.executable, help="the one that has the peer")
    parser.add_argument("--peer-model", help="the folder with the peer's model")
    parser.add_argument("--pieces", help="CTranslate2: the folder with source.spm, target.spm")
    parser.add_argument("--batch-tokens", type=int, help="the most tokens in a batch of the peer's")
    parser.add_argument("--source", nargs="+", default=[], help="one sentence a line")
    parser.add_argument("--reference", nargs="+", default=[], help="one for each source")
    parser.add_argument("--lines", type=int, help="only the first lines of each file")
    parser.add_argument("--sentence", default="Le chat dort sur le canapé de la voisine.")
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--threads", type=int, help="[default: 1; with --scaling, 2]")
    parser.add_argument("--runs", type=int, help="[default: 5; with --latency, 20]")
    options = parser.parse_args()
    options.threads = options.threads or (2 if options.scaling else 1)
    options.runs = options.runs or (20 if options.latency else 5)
    if not options.latency and not options.source:
        parser.error("--source is needed")
    if not (options.latency or options.scaling):
        if not options.peer:
            parser.error("--peer is needed")
        if len(options.source) != len(options.reference):
            parser.error("every --source needs its --reference")
    if options.peer and not options.peer_model:
        parser.error("--peer needs --peer-model")
    if options.peer == "ctranslate2" and not options.pieces:
        parser.error("--peer ctranslate2 needs --pieces")
    return options


class Text:
    """A file of sentences, cut to the lines wanted, with its reference where there is one."""

    def __init__(self, source, reference, lines, folder):
        self.name = os.path.basename(source)
        sentences = read_lines(source)[:lines]
        self.words = sum(len(sentence.split()) for sentence in sentences)
        self.sentences = len(sentences)
        self.reference = read_lines(reference)[:lines] if reference else None
        if self.reference and len(self.reference) != self.sentences:
            raise SystemExit(f"{source} and {reference} differ in length")
        self.path = folder / self.name
        write_lines(self.path, sentences)

    def bleu(self, output):
        import sacrebleu

        lines = read_lines(output)
        if len(lines) != self.sentences:
            raise SystemExit(f"{self.name}: {len(lines)} lines came out of {self.sentences}")
        return sacrebleu.corpus_bleu(lines, [self.reference]).score


class Bench:
    """Runs of ours and of the peer, each in a process of its own."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        references = options.reference or [None] * len(options.source)
        self.texts = [
            Text(source, reference, options.lines, folder)
            for source, reference in zip(options.source, references, strict=True)
        ]

    def our_command(self, source, output, beam, threads, model=None):
        options = self.options
        command = [options.visavis, "translate", source, "-o", output, "--quiet", "--offline"]
        # Peers take what the model gives first, and so must we here.
        command += ["--no-retry"]
        command += ["--input-format", "lines", "--output-format", "text"]
        command += ["--from", options.source_language, "--to", options.target_language]
        command += ["--model", model or options.model, "--beam-size", beam, "--threads", threads]
        return list(map(str, command))

    def ours(self, source, output, beam, threads):
        """What our run writes with `--stats`."""
        stats = self.folder / "stats.json"
        command = self.our_command(source, output, beam, threads)
        subprocess.run([*command, "--stats", stats], check=True)
        return json.loads(stats.read_text("utf8"))

    def quality_to_keep(self, text, beam):
        """BLEU of our own f32 over the full vocabulary."""
        output = self.folder / "full.txt"
        command = self.our_command(
            text.path, output, beam, os.cpu_count(), self.options.reference_model
        )
        subprocess.run([*command, "--no-shortlist"], check=True)
        return text.bleu(output)

    def peer_command(self, source, output, beam):
        options = self.options
        script = pathlib.Path(__file__).parent / "peers" / f"run_{options.peer}.py"
        command = [options.peer_python, script, "--model", options.peer_model]
        command += ["--source", source, "--output", output]
        command += ["--beam-size", beam, "--threads", options.threads]
        if options.pieces:
            command += ["--pieces", options.pieces]
        if options.batch_tokens:
            command += ["--batch-tokens", options.batch_tokens]
        return list(map(str, command))

    def peer(self, source, output, beam):
        """What the peer's process reports."""
        command = self.peer_command(source, output, beam)
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(run.stdout)


def speed(bench):
    options = bench.options
    peer_name = PEERS[options.peer]
    print(f"{options.threads} thread(s); {options.runs} alternated runs; source words a second\n")
    header = ["text", "beam", "visavis", peer_name, "ratio", "lowest–highest"]
    header += ["visavis BLEU", f"{peer_name} BLEU", "f32 BLEU", "visavis MB", f"{peer_name} MB"]
    print_header(header, texts=1)
    ours_out, peer_out = bench.folder / "ours.txt", bench.folder / "peer.txt"
    for text in bench.texts:
        for beam in options.beams:
            ours, peers = alternate(
                options.runs,
                lambda: bench.ours(text.path, ours_out, beam, options.threads),
                lambda: bench.peer(text.path, peer_out, beam),
            )
            our_speeds, peer_speeds = speeds(ours, text), speeds(peers, text)
            print_row(
                text.name,
                beam,
                f"{statistics.median(our_speeds):.0f}",
                f"{statistics.median(peer_speeds):.0f}",
                *ratio_cells(our_speeds, peer_speeds),
                f"{text.bleu(ours_out):.2f}",
                f"{text.bleu(peer_out):.2f}",
                f"{bench.quality_to_keep(text, beam):.2f}" if options.reference_model else "–",
                megabytes(ours),
                megabytes(peers),
            )


def scaling(bench):
    options = bench.options
    print(f"{options.runs} alternated runs; source words a second\n")
    header = ["text", "beam", "1 thread", f"{options.threads} threads", "ratio", "lowest–highest"]
    print_header([*header, "bytes", "1 thread MB", f"{options.threads} threads MB"], texts=1)
    for text in bench.texts:
        for beam in options.beams:
            outputs = set()

            def run(threads):
                output = bench.folder / "ours.txt"
                stats = bench.ours(text.path, output, beam, threads)
                outputs.add(output.read_bytes())
                return stats

            one, many = alternate(options.runs, lambda: run(1), lambda: run(options.threads))
            one_speeds, many_speeds = speeds(one, text), speeds(many, text)
            print_row(
                text.name,
                beam,
                f"{statistics.median(one_speeds):.0f}",
                f"{statistics.median(many_speeds):.0f}",
                *ratio_cells(many_speeds, one_speeds),
                "identical" if len(outputs) == 1 else "DIFFER",
                megabytes(one),
                megabytes(many),
            )


def latency(bench):
    options = bench.options
    source, output = bench.folder / "sentence.txt", bench.folder / "translation.txt"
    write_lines(source, [options.sentence])
    print(f"{options.sentence!r}: whole processes, {options.runs} alternated runs; seconds\n")
    print_header(["beam", "visavis", "lowest–highest", "peer", "median", "lowest–highest"])
    for beam in options.beams:
        commands = [bench.our_command(source, output, beam, options.threads)]
        if options.peer:
            commands.append([*bench.peer_command(source, output, beam), "--cold"])
        for command in commands:
            # Brings the files into the cache.
            wall_seconds(command)
        runs = alternate(options.runs, *(lambda c=c: wall_seconds(c) for c in commands))
        cells = [
            cell
            for seconds in runs
            for cell in (f"{statistics.median(seconds):.3f}", span(seconds, 3))
        ]
        peer = [PEERS[options.peer], *cells[2:]] if options.peer else ["–"] * 3
        print_row(beam, *cells[:2], *peer)


def wall_seconds(command):
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))[1]


def alternate(runs, *sides):
    """Every side's results; which goes first changes from run to run, so that drift hits all."""
    results = [[] for _ in sides]
    for run in range(runs):
        order = range(len(sides))
        for side in order if run % 2 == 0 else reversed(order):
            results[side].append(sides[side]())
        print(f"run {run + 1} of {runs} done", file=sys.stderr)
    return results


def speeds(runs, text):
    return [text.words / run["translate_seconds"] for run in runs]


def ratio_cells(ours, theirs):
    ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
    return f"{statistics.median(ratios):.2f}", span(ratios, 2)


def span(values, digits):
    return f"{min(values):.{digits}f}–{max(values):.{digits}f}"


def megabytes(runs):
    peaks = [run["peak_rss_bytes"] for run in runs]
    return "–" if None in peaks else f"{max(peaks) / 1e6:.0f}"


def print_header(names, texts=0):
    """A table's first two lines; all but the first columns are numbers."""
    print_row(*names)
    print_row(*["---"] * texts, *["---:"] * (len(names) - texts))


def print_row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
