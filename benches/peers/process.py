"""What every peer's process has in common: its options, its timer, and what it reports."""

import argparse
import json
import time


def options(description):
    """The options that benches/translation.py passes to every peer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", required=True, help="the model's folder, as the peer wants it")
    parser.add_argument("--pieces", help="the folder with source.spm and target.spm")
    parser.add_argument("--source", required=True, help="one sentence a line")
    parser.add_argument("--output", required=True, help="where the translations go")
    parser.add_argument("--beam-size", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch-tokens", type=int, help="the most tokens in a batch")
    parser.add_argument("--cold", action="store_true", help="no warm-up before the timer")
    return parser


def read_lines(path):
    """The file's lines; unlike `splitlines`, only a line feed ends one."""
    with open(path, encoding="utf8", newline="\n") as file:
        return file.read().removesuffix("\n").split("\n")


def write_lines(path, lines):
    with open(path, "w", encoding="utf8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def timed(work):
    """What `work` returns, and the seconds that it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def peak_bytes():
    """The most memory that this process held at once. (`ru_maxrss` would count the parent's.)"""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def report(seconds):
    print(json.dumps({"translate_seconds": seconds, "peak_rss_bytes": peak_bytes()}))
