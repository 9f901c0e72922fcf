#!/usr/bin/env python3
"""Write tests/cases/models/tiny: an OPUS-MT folder of one layer each way, with random weights.

Its files are written by the libraries that write real ones, so that our readers are held to
those: the pieces by sentencepiece, the weights by PyTorch in both of its formats and by
safetensors. Run from the repository's root (torch 2.4.0, transformers 4.46.3, sentencepiece
0.2.3, safetensors 0.8.0 and numpy 1 made what is committed):
    python scripts/tiny-model.py
"""

import io
import json
from pathlib import Path

import sentencepiece
import torch
from safetensors.torch import save_file
from transformers import MarianConfig, MarianMTModel

FOLDER = Path("tests/cases/models/tiny")
FRENCH = [
    "Le chat dort sur la table.",
    "La petite fille mange une pomme rouge.",
    "Les enfants jouent dans le jardin.",
    "Il fait beau, et la mer est bleue.",
    "L'été, nous mangeons dehors.",
]
ENGLISH = [
    "The cat sleeps on the table.",
    "The little girl eats a red apple.",
    "The children play in the garden.",
    "The weather is fine, and the sea is blue.",
    "In summer we eat outside.",
]


# A few characters and what they become: the library's own rules would fill 240 kB.
RULES = {"\u2019": "'", "\ufb01": "fi", "\u00a0": " ", "\u202f": " ", "\u2026": "...", "\u200b": ""}


def pieces(lines, rules):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines * 20),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        character_coverage=1.0,
        bos_id=-1,
        normalization_rule_tsv=rules,
        minloglevel=2,
    )
    return model.getvalue()


def write_rules(path):
    def codes(text):
        return " ".join(f"{ord(character):04X}" for character in text)

    lines = [f"{codes(before)}\t{codes(after)}\n" for before, after in RULES.items()]
    path.write_text("".join(lines), encoding="utf-8")


def main():
    # The models of pieces state this path: it must tell nothing of the machine.
    rules = Path("rules.tsv")
    write_rules(rules)
    FOLDER.mkdir(parents=True, exist_ok=True)
    vocabulary = {"</s>": 0, "<unk>": 1}
    for name, lines in [("source", FRENCH), ("target", ENGLISH)]:
        model = pieces(lines, str(rules))
        (FOLDER / f"{name}.spm").write_bytes(model)
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        for number in range(processor.get_piece_size()):
            vocabulary.setdefault(processor.id_to_piece(number), len(vocabulary))
    rules.unlink()
    vocabulary["<pad>"] = len(vocabulary)
    (FOLDER / "vocab.json").write_text(json.dumps(vocabulary, indent=0), encoding="utf-8")

    size, pad = len(vocabulary), vocabulary["<pad>"]
    config = MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        d_model=8,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        activation_function="swish",
        max_position_embeddings=32,
        scale_embedding=True,
        static_position_embeddings=True,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        num_beams=2,
    )
    config.save_pretrained(FOLDER)
    (FOLDER / "tokenizer_config.json").write_text('{"source_lang": "fr", "target_lang": "en"}')

    torch.manual_seed(2017)
    weights = MarianMTModel(config).state_dict()
    weights = {name: tensor.clone().contiguous() for name, tensor in weights.items()}
    for name, tensor in weights.items():
        if "embed_positions" not in name:
            tensor.normal_(std=0.3)
    for name in list(weights):
        # As published models have it: one matrix under all of its names.
        if name.endswith("embed_tokens.weight") or name == "lm_head.weight":
            weights[name] = weights["model.shared.weight"]
    torch.save(weights, FOLDER / "pytorch_model.bin")
    torch.save(weights, FOLDER / "legacy.bin", _use_new_zipfile_serialization=False)
    distinct = {tensor.data_ptr(): name for name, tensor in reversed(weights.items())}
    save_file({name: weights[name] for name in distinct.values()}, FOLDER / "model.safetensors")


main()
