#!/usr/bin/env python3
"""One run of CTranslate2 int8, in a process of its own.

    python3 -m venv convert
    convert/bin/pip install ctranslate2==4.5.0 transformers==4.46.3 torch==2.4.0 'numpy<2' \
        sentencepiece sacremoses
    convert/bin/ct2-transformers-converter --model OPUS_MT_FOLDER --quantization int8 \
        --output_dir CT2_FOLDER
    python3 -m venv ctranslate2-run
    ctranslate2-run/bin/pip install ctranslate2==4.8.5 sentencepiece

(The converter wants older packages than the run, hence two environments.) Pieces are cut before the
timer starts and joined after it stops: only `translate_batch` is timed.
"""

import ctranslate2
import process
import sentencepiece


def main():
    options = process.options(__doc__.splitlines()[0]).parse_args()
    encode = sentencepiece.SentencePieceProcessor(f"{options.pieces}/source.spm")
    decode = sentencepiece.SentencePieceProcessor(f"{options.pieces}/target.spm")
    translator = ctranslate2.Translator(
        options.model,
        device="cpu",
        compute_type="int8",
        inter_threads=options.threads,
        intra_threads=1,
    )
    lines = process.read_lines(options.source)
    batch = [encode.encode(line, out_type=str) + ["</s>"] for line in lines]
    if not options.cold:
        translator.translate_batch(batch[:8], beam_size=options.beam_size)
    results, seconds = process.timed(
        lambda: translator.translate_batch(
            batch,
            beam_size=options.beam_size,
            max_batch_size=options.batch_tokens or 2048,
            batch_type="tokens",
        )
    )
    process.write_lines(options.output, [decode.decode(it.hypotheses[0]) for it in results])
    process.report(seconds)


if __name__ == "__main__":
    main()
