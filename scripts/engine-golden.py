"""Golden values for the engine's tests, from transformers on the publisher's weights in f32.

    python3 -m venv golden
    golden/bin/pip install transformers==4.46.3 torch==2.4.0 'numpy<2' sentencepiece sacremoses
    golden/bin/python scripts/engine-golden.py OPUS_MT_FOLDER logits > tests/cases/engine/logits.json
    golden/bin/python scripts/engine-golden.py OPUS_MT_FOLDER greedy < flores-dev.fr \
        > tests/cases/engine/flores-dev.greedy.sha256

`logits`: for each line of tests/cases/engine/sentences.fr its pieces, the greedy translation's
pieces, and at every step the logits of the best pieces and of others drawn at random, with the
logarithm of the sum of the exponentials of all.
`greedy`: the first 16 hexadecimal digits of the SHA-256 of each line's greedy translation (the
translations themselves would carry the data set along).
"""

import hashlib
import json
import pathlib
import random
import sys

import torch
from transformers import MarianMTModel, MarianTokenizer

SENTENCES = pathlib.Path(__file__).parent.parent / "tests/cases/engine/sentences.fr"
BEST, OTHERS = 3, 5


def greedy(model, tokenizer, lines):
    batch = tokenizer(lines, return_tensors="pt", padding=True)
    with torch.no_grad():
        return model.generate(**batch, num_beams=1, do_sample=False, max_length=512)


def logits(model, tokenizer):
    random.seed(1)
    cases = []
    for line in SENTENCES.read_text("utf8").splitlines():
        batch = tokenizer([line], return_tensors="pt")
        output = greedy(model, tokenizer, [line])
        with torch.no_grad():
            rows = model(**batch, decoder_input_ids=output[:, :-1]).logits[0]
        steps = []
        for row in rows:
            pieces = row.topk(BEST).indices.tolist()
            pieces += random.sample(range(model.config.vocab_size - 1), OTHERS)
            steps.append(
                {
                    "pieces": pieces,
                    "logits": [round(row[piece].item(), 5) for piece in pieces],
                    "log_sum_exp": round(row[:-1].logsumexp(0).item(), 5),
                }
            )
        cases.append(
            {
                "text": line,
                "source": batch["input_ids"][0].tolist(),
                "target": output[0].tolist(),
                "steps": steps,
            }
        )
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    print(f"[\n{lines}\n]")


def digests(model, tokenizer):
    lines = sys.stdin.read().splitlines()
    for line in lines:
        text = tokenizer.decode(greedy(model, tokenizer, [line])[0], skip_special_tokens=True)
        print(hashlib.sha256(text.encode()).hexdigest()[:16])


if __name__ == "__main__":
    folder, what = sys.argv[1:]
    model = MarianMTModel.from_pretrained(folder).eval()
    tokenizer = MarianTokenizer.from_pretrained(folder)
    {"logits": logits, "greedy": digests}[what](model, tokenizer)
