#!/usr/bin/env python3
"""Speed and quality against CTranslate2: the same weights, text and threads, in one run.

Set up (a virtual environment of its own for the converter, which needs older packages):

    python3 -m venv convert
    convert/bin/pip install ctranslate2==4.5.0 transformers==4.46.3 torch==2.4.0 'numpy<2' \
        sentencepiece sacremoses
    convert/bin/ct2-transformers-converter --model OPUS_MT_FOLDER --quantization int8 \
        --output_dir ct2-fr-en
    python3 -m venv run
    run/bin/pip install ctranslate2==4.8.5 sentencepiece sacrebleu
    cargo build --release
    run/bin/python benches/translation.py --peer ct2-fr-en --pieces OPUS_MT_FOLDER \
        --source flores-dev.fr --reference flores-dev.en

Whole processes alternate: ours, the peer's, ours … Loading is left out on both sides. The peer
gets pieces that were cut before its timer starts and keeps those that it gives back: only
`translate_batch` is timed. Ours is timed from the text to the text. Source words are those between
white space, for both.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

PEER = "CTranslate2 4.8.5 int8"


def peer(arguments):
    """One run of the peer, in a process of its own: prints seconds and the translations."""
    import ctranslate2
    import sentencepiece

    folder, pieces, source, beam, threads, output = arguments
    beam, threads = int(beam), int(threads)
    encode = sentencepiece.SentencePieceProcessor(f"{pieces}/source.spm")
    decode = sentencepiece.SentencePieceProcessor(f"{pieces}/target.spm")
    translator = ctranslate2.Translator(
        folder, device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
    )
    lines = open(source, encoding="utf8").read().splitlines()
    batch = [encode.encode(line, out_type=str) + ["</s>"] for line in lines]
    translator.translate_batch(batch[:8], beam_size=beam)
    start = time.perf_counter()
    results = translator.translate_batch(
        batch, beam_size=beam, max_batch_size=2048, batch_type="tokens"
    )
    seconds = time.perf_counter() - start
    with open(output, "w", encoding="utf8") as file:
        for result in results:
            print(decode.decode(result.hypotheses[0]), file=file)
    print(json.dumps({"seconds": seconds}))


def ours(options, beam, output):
    stats = f"{output}.stats"
    command = [options.visavis, "translate", options.source, "-o", output, "--quiet"]
    command += ["--input-format", "lines", "--output-format", "text", "--model", options.model]
    command += ["--beam-size", str(beam), "--threads", str(options.threads), "--stats", stats]
    subprocess.run(command, check=True)
    return json.load(open(stats))


def bleu(output, reference):
    import sacrebleu

    lines = [open(path, encoding="utf8").read().splitlines() for path in (output, reference)]
    return sacrebleu.corpus_bleu(lines[0], [lines[1]]).score


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visavis", default="target/release/visavis")
    parser.add_argument("--model", default="opus-mt-fr-en")
    parser.add_argument("--peer", required=True, help="the model, converted for CTranslate2")
    parser.add_argument("--pieces", required=True, help="the folder with source.spm, target.spm")
    parser.add_argument("--source", required=True)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    words = len(open(options.source, encoding="utf8").read().split())

    name = os.path.basename(options.source)
    print(f"{name}: {words} words; {options.threads} thread(s); {processor()}")
    print(f"medians of {options.runs} alternated runs, source words a second\n")
    print(f"| beam | visavis | {PEER} | ratio | visavis BLEU | peer's BLEU | visavis peak MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        our_output, peer_output = f"{folder}/ours.txt", f"{folder}/peer.txt"
        for beam in options.beams:
            our_speeds, peer_speeds, memory, kernel = [], [], 0, ""
            for run in range(options.runs):
                stats = ours(options, beam, our_output)
                our_speeds.append(words / stats["translate_seconds"])
                memory = max(memory, stats["peak_rss_bytes"] or 0)
                command = [sys.executable, __file__, "--one-peer-run", options.peer]
                command += [options.pieces, options.source, str(beam), str(options.threads)]
                seconds = subprocess.run(
                    [*command, peer_output], check=True, capture_output=True, text=True
                ).stdout
                peer_speeds.append(words / json.loads(seconds)["seconds"])
                print(
                    f"beam {beam}, run {run + 1}: {our_speeds[-1]:.0f}, {peer_speeds[-1]:.0f}",
                    file=sys.stderr,
                )
            our_speed, peer_speed = map(statistics.median, (our_speeds, peer_speeds))
            cells = [beam, f"{our_speed:.0f}", f"{peer_speed:.0f}", f"{our_speed / peer_speed:.2f}"]
            cells += [f"{bleu(path, options.reference):.2f}" for path in (our_output, peer_output)]
            cells += [f"{memory / 1e6:.0f}"]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one-peer-run"]:
        peer(sys.argv[2:])
    else:
        main()
