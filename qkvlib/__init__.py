"""Attention (Query, Key, Value) for beginners: the arithmetic, live pictures and explorers behind the notebooks."""

from .attention import Attention, attention, causal_mask, padding_mask, scores, softmax
from .examples import FEATURES, KNOWN, MATCH, SENTENCES, W_k, W_q
from .exercises import check_scores, check_softmax
from .explorers import Predict, ScoresExplorer, WeightsExplorer
from .figures import chain, chart
from .text import tokens
from .vectors import embed
from .words import use_language

__all__ = [
    "FEATURES",
    "KNOWN",
    "MATCH",
    "SENTENCES",
    "Attention",
    "Predict",
    "ScoresExplorer",
    "W_k",
    "W_q",
    "WeightsExplorer",
    "attention",
    "causal_mask",
    "chain",
    "chart",
    "check_scores",
    "check_softmax",
    "embed",
    "padding_mask",
    "scores",
    "softmax",
    "tokens",
    "use_language",
]
