"""Attention (Query, Key, Value) for beginners: the arithmetic, live pictures and explorers behind the notebooks."""

from . import grammar
from .attention import Attention, attention, causal_mask, padding_mask, scores, softmax
from .examples import FEATURES, KNOWN, MATCH, QUERIES, SENTENCES, TRAINED, VIDEOS, VOCABULARY, W_k, W_q, W_v
from .exercises import check_attention, check_roles, check_scores, check_soft_lookup, check_softmax
from .explorers import (
    ChainExplorer,
    MixingExplorer,
    Predict,
    RolesExplorer,
    ScoresExplorer,
    SearchExplorer,
    TiesExplorer,
    TrainingExplorer,
    WeightsExplorer,
)
from .figures import chain, chart
from .text import tokens
from .vectors import embed, ngram_vectors
from .words import use_language

__all__ = [
    "FEATURES",
    "KNOWN",
    "MATCH",
    "QUERIES",
    "SENTENCES",
    "TRAINED",
    "VIDEOS",
    "VOCABULARY",
    "Attention",
    "ChainExplorer",
    "MixingExplorer",
    "Predict",
    "RolesExplorer",
    "ScoresExplorer",
    "SearchExplorer",
    "TiesExplorer",
    "TrainingExplorer",
    "W_k",
    "W_q",
    "W_v",
    "WeightsExplorer",
    "attention",
    "causal_mask",
    "chain",
    "chart",
    "check_attention",
    "check_roles",
    "check_scores",
    "check_soft_lookup",
    "check_softmax",
    "embed",
    "grammar",
    "ngram_vectors",
    "padding_mask",
    "scores",
    "softmax",
    "tokens",
    "use_language",
]
