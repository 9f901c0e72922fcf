#!/usr/bin/env python3
"""One run of bergamot (Marian, intgemm, lexical shortlist), in a process of its own.

    python3.10 -m venv bergamot-run
    bergamot-run/bin/pip install bergamot==0.4.5

The model is a Firefox folder: `model.*.bin`, `lex.*.s2t.bin`, `vocab.*.spm`. Timed from the text to
the text, since bergamot cuts pieces itself; it decodes greedily only (`beam-size` 1). Its batches
form while requests still arrive, and a sentence's candidates are its whole batch's: about one line
in a hundred changes from run to run, and BLEU by some hundredths. Without the shortlist none does.
"""

import importlib.util
import pathlib

import process


def bergamot():
    """The compiled module alone: the package's `__init__` asks the network for a list of models."""
    package = importlib.util.find_spec("bergamot")
    (path,) = pathlib.Path(package.origin).parent.glob("_bergamot*.so")
    spec = importlib.util.spec_from_file_location("_bergamot", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configuration(folder, batch_tokens):
    """What Marian reads, in YAML. Every line of the input is one sentence."""

    def only(pattern):
        return sorted(pathlib.Path(folder).resolve().glob(pattern))

    (model,), (shortlist,) = only("model.*.bin"), only("lex.*.bin")
    vocabularies = only("vocab.*.spm") or only("srcvocab.*.spm") + only("trgvocab.*.spm")
    return f"""
models: [{model}]
vocabs: [{vocabularies[0]}, {vocabularies[-1]}]
shortlist: [{shortlist}, false]
beam-size: 1
normalize: 1.0
word-penalty: 0
max-length-break: 128
max-length-factor: 2.5
mini-batch-words: {batch_tokens}
workspace: 128
gemm-precision: int8shiftAlphaAll
skip-cost: true
ssplit-mode: sentence
"""


class Bergamot:
    """A loaded model, with `threads` workers and no cache."""

    def __init__(self, folder, threads=1, batch_tokens=None):
        # A process can hold one service only: the second would name its logger like the first.
        self.module = bergamot()
        config = self.module.ServiceConfig(numWorkers=threads, cacheSize=0)
        self.service = self.module.Service(config)
        self.model = self.service.modelFromConfig(configuration(folder, batch_tokens or 512))
        self.options = self.module.ResponseOptions(
            qualityScores=False, alignment=False, sentenceMappings=False
        )

    def translate(self, lines):
        """The lines' translations; bergamot batches all that one call hands over."""
        texts = self.module.VectorString(lines)
        responses = self.service.translate(self.model, texts, self.options)
        return [response.target.text for response in responses]


def main():
    options = process.options(__doc__.splitlines()[0]).parse_args()
    if options.beam_size != 1:
        raise SystemExit("bergamot decodes greedily: --beam-size 1")
    model = Bergamot(options.model, options.threads, options.batch_tokens)
    lines = process.read_lines(options.source)
    if not options.cold:
        model.translate(lines[:8])
    translations, seconds = process.timed(lambda: model.translate(lines))
    process.write_lines(options.output, translations)
    process.report(seconds)


if __name__ == "__main__":
    main()
