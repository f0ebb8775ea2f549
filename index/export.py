"""A sentence-transformers model -> an ONNX graph of encoder, pooling and normalisation. The only module that exports.

The graph is optimised once, up to onnxruntime's level "extended": the next level fits the layout of the data to the
processor at hand, and such a graph must not meet another one. Its weights are a file of their own, which is mapped into
memory: that loads in a third of the time and takes half of the memory of a graph that holds them.
"""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from filelock import FileLock

from index.errors import IndexUnusable
from index.original import load_original
from index.records import Precision, StoredModel
from index.runtime import FORMAT, GRAPH, RECORD, SUM, TOKENISER, WEIGHTS, ExportedModel, read_model
from index.store import stamp, sum_of
from ingest.disk import make_folder, sync, sync_tree

OPSET = 17  # the first with layer normalisation as one operator
INPUTS = ("input_ids", "attention_mask", "token_type_ids")  # what a text model takes, each (texts, tokens)
LEAST_COSINE = 0.9999  # between the vectors of an export in fp32 and of its original: less is another model
WORDS = """What happens if the outcomes are not achieved, and who pays for it then? A council may ask for advice before
it signs, but whether 12.5 % of the costs can be claimed depends on its own rules; see the guidance (2021) at
https://example.org/rules#part-2 or write to us. Commissioners, providers and investors share neither the risks nor
the rewards equally, which is why each contract says how they are measured.""".split()
LENGTHS = (*range(40), 60, 90, 130, 200, 300, 450, 600)  # words; the longest are longer than models take
ODD = ("🙂", "Ünïcödé, naïve café", "это не по-английски", "社会影响力债券是什么", "?!", "\n\t", "x" * 300, "A\x00B")
PROBES = [" ".join(WORDS[(7 * length + word) % len(WORDS)] for word in range(length)) for length in LENGTHS] + [*ODD]


class Unexportable(Exception):
    """A model that only sentence-transformers can run; the message says why."""


def export_model(source: str, folder: Path, fingerprint: str, precision: Precision) -> None:
    """Write the model at ``source``, a folder or a name that the hub knows, to ``folder``: all of it, or nothing.

    Of one that can not be exported only the reason is written. Raises InputError when the model can not be loaded,
    OSError when the folder can not be written.
    """
    make_folder(folder.parent)
    with FileLock(folder.parent / "lock"):
        if _is_sound(folder, fingerprint):  # another build was first
            return
        for abandoned in folder.parent.glob(".new-*"):  # of a build that was killed: whoever writes has the lock
            shutil.rmtree(abandoned)
        staging = folder.parent / f".new-{os.getpid()}"
        staging.mkdir()
        try:
            stored = _export(load_original(source), staging, fingerprint, precision)
            record = msgspec.json.encode(stored)
            (staging / RECORD).write_bytes(record)
            (staging / SUM).write_bytes(sum_of(record, RECORD))
            sync_tree(staging)
            if folder.exists():  # damaged, or of another format
                shutil.rmtree(folder)
            staging.rename(folder)
            sync(folder.parent)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def _is_sound(folder: Path, fingerprint: str) -> bool:
    try:
        read_model(folder, fingerprint)
    except IndexUnusable:
        return False
    return True


def _export(original: Any, folder: Path, fingerprint: str, precision: Precision) -> StoredModel:
    stored = StoredModel(
        format=FORMAT,
        fingerprint=fingerprint,
        precision=precision,
        dimension=original.get_embedding_dimension(),
        padding=getattr(getattr(original, "tokenizer", None), "pad_token_id", None) or 0,
        obstacle=None,
        cosine=None,
        files={},
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a trace holds for one input only: the probes are others
            cosine = _write_checked(original, folder, stored)
    except (OSError, MemoryError, ImportError):  # of this machine, not of the model
        raise
    except Exception as error:  # whatever the exporter stumbles over: the original still runs
        for path in folder.iterdir():
            path.unlink()
        return msgspec.structs.replace(stored, obstacle=" ".join(f"{type(error).__name__}: {error}".split())[:300])
    files = {path.name: stamp(path) for path in sorted(folder.iterdir())}
    return msgspec.structs.replace(stored, cosine=cosine, files=files)


def _write_checked(original: Any, folder: Path, stored: StoredModel) -> float:
    """Write graph, weights and tokeniser; return the least cosine to the original. Raises when there is an obstacle."""
    from sentence_transformers.sentence_transformer import modules

    known = (modules.Transformer, modules.Pooling, modules.Dense, modules.Normalize)
    for module in original:
        if type(module) not in known:
            raise Unexportable(f"it has a module {type(module).__name__}")
    _write_tokeniser(original, folder / TOKENISER)
    traced, changed = folder / "traced.onnx", folder / "changed.onnx"
    expected = original.float().encode(PROBES, normalize_embeddings=True)
    _trace(original.eval(), traced)
    _optimise(traced, folder)
    cosine = _least_cosine(folder, stored, expected)
    if not cosine >= LEAST_COSINE:  # nor when it is no number
        raise Unexportable(f"its vectors come out otherwise (cosine {cosine:.4f})")
    if stored.precision == "int8":
        _quantise(traced, changed)
        _optimise(changed, folder)
        cosine = _least_cosine(folder, stored, expected)
    elif original[0].auto_model.config.model_type == "bert":
        _fuse(traced, changed, original[0].auto_model.config)
        _optimise(changed, folder)
        fused = _least_cosine(folder, stored, expected)
        if fused >= LEAST_COSINE:
            cosine = fused
        else:
            _optimise(traced, folder)
    traced.unlink()
    changed.unlink(missing_ok=True)
    return cosine


def _write_tokeniser(original: Any, path: Path) -> None:
    from tokenizers import Tokenizer

    tokeniser = Tokenizer.from_str(original.tokenizer.backend_tokenizer.to_str())
    tokeniser.no_padding()
    tokeniser.enable_truncation(original.max_seq_length)
    tokeniser.save(str(path), pretty=False)


def _trace(original: Any, path: Path) -> None:
    import torch

    original[0].auto_model.set_attn_implementation("eager")  # the plainest graph, which loads fastest
    sample = original.preprocess(["a text of some words", "another"])  # one of them padded
    names = [name for name in INPUTS if name in sample]

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.original = original

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            states = self.original(dict(zip(names, inputs, strict=True)))
            return torch.nn.functional.normalize(states["sentence_embedding"], dim=-1)

    # The tracing exporter: the newer one needs another package, and loops or branches that a trace misses, encoders
    # do not have.
    torch.onnx.export(
        Graph().eval(),
        tuple(sample[name] for name in names),
        path,
        dynamo=False,
        opset_version=OPSET,
        input_names=names,
        output_names=["vectors"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names} | {"vectors": {0: "texts"}},
    )


def _fuse(graph: Path, target: Path, config: Any) -> None:
    """Make one operator of each attention with what surrounds it, which takes a tenth off the time of a question."""
    from onnxruntime.transformers import optimizer

    logging.getLogger(optimizer.__name__).setLevel(logging.ERROR)  # it tells what it did not find to fuse
    fused = optimizer.optimize_model(
        str(graph), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size, opt_level=0
    )
    fused.save_model_to_file(str(target))


def _optimise(graph: Path, folder: Path) -> None:
    import onnxruntime

    for name in (GRAPH, WEIGHTS):
        (folder / name).unlink(missing_ok=True)  # weights would be appended
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / GRAPH)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _quantise(graph: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven bits of eight: processors without VNNI add pairs of products in 16 bits, which eight bits can overflow.
    quantize_dynamic(graph, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


def _least_cosine(folder: Path, stored: StoredModel, expected: Any) -> float:
    vectors = ExportedModel(folder, stored).encode(PROBES)
    return float(np.einsum("rd,rd->r", vectors, expected).min())
