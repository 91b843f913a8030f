"""Explorers: a panel of controls and live pictures for each lesson."""

from .chain import ChainExplorer
from .mixing import MixingExplorer
from .predict import Predict
from .scores import ScoresExplorer
from .search import SearchExplorer
from .weights import WeightsExplorer

__all__ = ["ChainExplorer", "MixingExplorer", "Predict", "ScoresExplorer", "SearchExplorer", "WeightsExplorer"]
