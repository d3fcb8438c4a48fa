"""Boosted oblivious trees, learned by catboost, as the arrays that searcher.cleaning.trees reads."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np


def learner(rows: np.ndarray, shares: np.ndarray, weights: np.ndarray, trees: int, rate: float) -> Any:
    """A model that says how likely a row is what these shares, 0..1, say of it."""
    from catboost import CatBoostClassifier, Pool

    made = CatBoostClassifier(
        iterations=trees, depth=6, learning_rate=rate, l2_leaf_reg=5, border_count=64, rsm=0.3,
        loss_function="CrossEntropy", bootstrap_type="Bernoulli", subsample=0.7, random_seed=3,
        verbose=False, thread_count=1, allow_writing_files=False,
    )  # fmt: skip
    made.fit(Pool(rows, shares, weight=weights))
    return made


def exported(made: Any, features: list[str]) -> dict[str, Any]:
    """The borders of each feature; each tree's questions, by number; the values of its leaves."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "trees.json"
        made.save_model(str(file), format="json")
        data = json.loads(file.read_text())
    trees = data["oblivious_trees"]
    asked = [[(split["float_feature_index"], split["border"]) for split in tree["splits"]] for tree in trees]
    questions = sorted({question for tree in asked for question in tree})
    number = {question: place for place, question in enumerate(questions)}
    scale, (bias,) = data["scale_and_bias"]
    return {
        "features": features,
        "borders": [[float(f"{b:.6g}") for f, b in questions if f == feature] for feature in range(len(features))],
        "trees": [[number[question] for question in tree] for tree in asked],
        "leaves": [[round(scale * value, 2) for value in tree["leaf_values"]] for tree in trees],
        "bias": round(bias, 4),
    }


def write(target: Path, data: dict[str, Any]) -> None:
    """Writes a model, and says how large it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text.replace('],"', '],\n"') + "\n", "utf-8")
    print(f"{target.name}: {target.stat().st_size // 1000} kB")
