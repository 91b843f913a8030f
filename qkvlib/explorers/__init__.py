"""Explorers: a panel of controls and live pictures for each lesson."""

from .chain import ChainExplorer
from .context import ContextExplorer
from .mixing import MixingExplorer
from .predict import Predict
from .recall import RecallExplorer
from .relay import RelayExplorer
from .roles import RolesExplorer
from .scores import ScoresExplorer
from .search import SearchExplorer
from .ties import TiesExplorer
from .training import TrainingExplorer
from .weights import WeightsExplorer

__all__ = [
    "ChainExplorer",
    "ContextExplorer",
    "MixingExplorer",
    "Predict",
    "RecallExplorer",
    "RelayExplorer",
    "RolesExplorer",
    "ScoresExplorer",
    "SearchExplorer",
    "TiesExplorer",
    "TrainingExplorer",
    "WeightsExplorer",
]
