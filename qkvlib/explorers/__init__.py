"""Explorers: a panel of controls and live pictures for each lesson."""

from .chain import ChainExplorer
from .context import ContextExplorer
from .mixing import MixingExplorer
from .predict import Predict
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
    "RolesExplorer",
    "ScoresExplorer",
    "SearchExplorer",
    "TiesExplorer",
    "TrainingExplorer",
    "WeightsExplorer",
]
