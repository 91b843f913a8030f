"""The two ways that latency.py compares, of the same pictures: a live explorer, and `interact` with `plt.show()`."""

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, interact

from qkvlib.explorers import context as lesson_context
from qkvlib.explorers import mixing
from qkvlib.explorers import relay as lesson_relay
from qkvlib.explorers import roles as lesson_roles
from qkvlib.explorers import training as lesson_training
from qkvlib.explorers.mixing import MixingExplorer, give_way
from qkvlib.explorers.weights import State, WeightsExplorer, compute
from qkvlib.views import axis as axis_kind
from qkvlib.views import bars as bars_kind
from qkvlib.views import curves as curves_kind
from qkvlib.views import matrix as matrix_kind
from qkvlib.views import plane as plane_kind


class HeatmapExplorer(WeightsExplorer):
    """One heatmap, of scores / temperature: each step changes every cell."""

    @staticmethod
    def pictures(state, result):
        return {
            "scores": matrix_kind.matrix(result.allowed, result.tokens, result.tokens, "scores / temperature", "scores")
        }


def heatmap(n, numbers=True):
    """Both ways for a heatmap of n tokens; the second with or without its n * n numbers."""
    sentence = " ".join((["I", "go", "to", "school", "and", "see", "the", "library"] * n)[:n])

    def draw(result):
        ax = plt.figure(figsize=(6, 6)).subplots()
        draw_heatmap(ax, result.allowed, result.tokens, "RdBu", 5 if numbers else 0)
        ax.set_title(
            f"largest: {result.allowed.max():.2f}"
        )  # so that each step changes the picture without numbers too

    both(HeatmapExplorer(sentence=sentence), draw)


def lesson():
    """Both ways for lesson 03: scores, weights, and one row of weights as bars."""

    def draw(result):
        scores, weights, bars = plt.figure(figsize=(12, 4)).subplots(1, 3)
        draw_heatmap(scores, result.scores, result.tokens, "RdBu")
        draw_heatmap(weights, result.weights, result.tokens, "Blues")
        row = result.weights[result.row]
        bars.bar_label(bars.barh(result.tokens, row), [f"{weight:.2f}" for weight in row])

    both(WeightsExplorer(), draw)


def plane():
    """Both ways for lesson 04: the plane, with a slider for the first weight."""
    explorer = MixingExplorer(weights=(0.25, 0.25, 0.25, 0.25))

    def show(weight):
        weights = give_way(explorer.result.weights, 0, weight)
        result = mixing.compute(mixing.State(explorer.state.sentence, weights=weights))
        plane_kind.draw(plt.figure(figsize=(4, 4)).subplots(), mixing.pictures(mixing.State(), result)["plane"])
        plt.show()

    display(explorer)
    interact(show, weight=FloatSlider(min=0, max=1, step=0.01))


def roles():
    """Both ways for lesson 05: X, the matrices, Q, K, V, scores and weights, with a slider for one entry."""

    def show(entry):
        result = lesson_roles.compute(lesson_roles.State(entries={("W_q", 1, 0): entry}))
        shown = lesson_roles.pictures(lesson_roles.State(), result)
        drawn = [picture for picture in shown.values() if picture["kind"] == "matrix"]
        for ax, picture in zip(plt.figure(figsize=(12, 7)).subplots(3, 3).flat, drawn, strict=True):
            matrix_kind.draw(ax, picture)
        plt.show()

    display(lesson_roles.RolesExplorer())
    interact(show, entry=FloatSlider(min=-3, max=3, step=0.05))


def training():
    """Both ways for lesson 05: weights and accuracy, with a slider for the step of the training."""
    explorer = lesson_training.TrainingExplorer(step=100)

    def show(step):
        result = lesson_training.compute(lesson_training.State(step=step))
        shown = lesson_training.pictures(lesson_training.State(), result)
        weights, accuracy = plt.figure(figsize=(12, 5)).subplots(1, 2)
        matrix_kind.draw(weights, shown["weights"])
        curves_kind.draw(accuracy, shown["accuracy"])
        plt.show()

    display(explorer)
    interact(show, step=IntSlider(min=0, max=300, step=5))


def relay():
    """Both ways for lesson 06: what is left over distance, with a slider for the recurrent strength."""

    def show(strength):
        lesson_relay.remaining.cache_clear()  # each way computes for itself
        state = lesson_relay.State(strength=strength)
        curves_kind.draw(
            plt.figure(figsize=(8, 5)).subplots(),
            lesson_relay.pictures(state, lesson_relay.compute(state))["left"],
        )
        plt.show()

    display(lesson_relay.RelayExplorer())
    interact(show, strength=FloatSlider(min=0.3, max=1.6, step=0.05))


def context():
    """Both ways for lesson 08: the axis and both kinds of weights, with a slider for the filler words."""

    def show(fillers):
        state = lesson_context.State(fillers=fillers)
        shown = lesson_context.pictures(state, lesson_context.compute(state))
        axis, weights, kernel = plt.figure(figsize=(12, 4)).subplots(1, 3)
        axis_kind.draw(axis, shown["axis"])
        bars_kind.draw(weights, shown["weights"])
        bars_kind.draw(kernel, shown["kernel"])
        plt.show()

    display(lesson_context.ContextExplorer())
    interact(show, fillers=IntSlider(min=0, max=12))


def both(explorer, draw):
    """Show the explorer, and below it what `draw` makes of the same result."""

    def show(temperature):
        draw(compute(State(explorer.state.sentence, temperature=temperature)))
        plt.show()

    display(explorer)
    interact(show, temperature=FloatLogSlider(min=-1, max=1, step=0.05))


def draw_heatmap(ax, values, tokens, colours, font_size=9):
    """The heatmap as it is usually written."""
    ax.imshow(values, cmap=colours)
    ax.set_xticks(range(len(tokens)), tokens, rotation=90)
    ax.set_yticks(range(len(tokens)), tokens)
    for (i, j), value in np.ndenumerate(values if font_size else []):
        ax.text(j, i, f"{value:.2f}", ha="center", va="center", size=font_size)
