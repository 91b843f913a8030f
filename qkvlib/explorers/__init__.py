"""Explorers: a panel of controls and live pictures for each lesson."""

from .predict import Predict
from .scores import ScoresExplorer
from .weights import WeightsExplorer

__all__ = ["Predict", "ScoresExplorer", "WeightsExplorer"]
