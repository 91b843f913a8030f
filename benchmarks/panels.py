"""The two ways that latency.py compares, of the same pictures: a live explorer, and `interact` with `plt.show()`.

Each case gives the explorer, the function of the slider's value that draws with matplotlib, and that slider.
"""

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, Label, VBox, interact

from qkvlib.explorers import context as lesson_context
from qkvlib.explorers import mixing
from qkvlib.explorers import relay as lesson_relay
from qkvlib.explorers import roles as lesson_roles
from qkvlib.explorers import training as lesson_training
from qkvlib.explorers.mixing import MixingExplorer, give_way
from qkvlib.explorers.weights import State, WeightsExplorer, compute
from qkvlib.views import matrix as matrix_kind
from qkvlib.views.look import module_of


def label():
    """The least that a slider can change: one number, in a label of ipywidgets."""
    slider, number = FloatSlider(min=0, max=1, step=0.01).add_class("qkv-control-value"), Label()
    slider.observe(lambda change: number.set_trait("value", f"{change.new:.2f}"), "value")

    def show(value):
        plt.figure(figsize=(1, 1)).text(0, 0, f"{value:.2f}")
        plt.show()

    pictures = VBox([number]).add_class("qkv-board").add_class("qkv-pictures")
    panel = VBox([slider, pictures]).add_class("qkv-panel")
    return panel, show, FloatSlider(min=0, max=1, step=0.01)


class HeatmapExplorer(WeightsExplorer):
    """One heatmap, of scores / temperature: each step changes every cell."""

    @staticmethod
    def pictures(state, result):
        return {
            "scores": matrix_kind.matrix(result.allowed, result.tokens, result.tokens, "scores / temperature", "scores")
        }


def heatmap(n, numbers=True):
    """A heatmap of n tokens; the second way with or without its n * n numbers."""
    sentence = " ".join((["I", "go", "to", "school", "and", "see", "the", "library"] * n)[:n])

    def show(temperature):
        result = compute(State(sentence, temperature=temperature))
        ax = plt.figure(figsize=(6, 6)).subplots()
        draw_heatmap(ax, result.allowed, result.tokens, "RdBu", 5 if numbers else 0)
        ax.set_title(f"largest: {result.allowed.max():.2f}")  # each step changes the picture without numbers too
        plt.show()

    return HeatmapExplorer(sentence=sentence), show, FloatLogSlider(min=-1, max=1, step=0.05)


def lesson():
    """Lesson 03: scores, weights, and one row of weights as bars."""
    explorer = WeightsExplorer()

    def show(temperature):
        result = compute(State(explorer.state.sentence, temperature=temperature))
        scores, weights, bars = plt.figure(figsize=(12, 4)).subplots(1, 3)
        draw_heatmap(scores, result.scores, result.tokens, "RdBu")
        draw_heatmap(weights, result.weights, result.tokens, "Blues")
        row = result.weights[result.row]
        bars.bar_label(bars.barh(result.tokens, row), [f"{weight:.2f}" for weight in row])
        plt.show()

    return explorer, show, FloatLogSlider(min=-1, max=1, step=0.05)


def plane():
    """Lesson 04: the plane, with a slider for the first weight."""
    explorer = MixingExplorer(weights=(0.25, 0.25, 0.25, 0.25))

    def show(weight):
        weights = give_way(explorer.result.weights, 0, weight)
        draw(mixing, mixing.State(explorer.state.sentence, weights=weights), (4, 4), ["plane"])

    return explorer, show, FloatSlider(min=0, max=1, step=0.01)


def roles():
    """Lesson 05: its matrices, with a slider for one entry."""

    def show(entry):
        draw(lesson_roles, lesson_roles.State(entries={("W_q", 1, 0): entry}), (12, 4), ["matrix"])

    return lesson_roles.RolesExplorer(), show, FloatSlider(min=-3, max=3, step=0.05)


def training():
    """Lesson 05: weights and accuracy, with a slider for the step of the training."""

    def show(step):
        draw(lesson_training, lesson_training.State(step=step), (12, 5), ["arcs", "curves"])

    return lesson_training.TrainingExplorer(step=100), show, IntSlider(min=0, max=300, step=5)


def relay():
    """Lesson 06: what is left over distance, with a slider for the recurrent strength."""

    def show(strength):
        strength -= np.random.default_rng().uniform(0, 1e-6)  # each way computes for itself
        draw(lesson_relay, lesson_relay.State(strength=strength), (8, 5), ["curves"])

    return lesson_relay.RelayExplorer(), show, FloatSlider(min=0.35, max=1.6, step=0.05)


def context():
    """Lesson 08: the axis and the weights, with a slider for the filler words."""

    def show(fillers):
        draw(lesson_context, lesson_context.State(fillers=fillers), (12, 4))

    return lesson_context.ContextExplorer(), show, IntSlider(min=0, max=12)


def both(explorer, show, slider):
    """Show the explorer, and below it what `interact` makes of the function."""
    display(explorer)
    interact(lambda value: show(value), value=slider)


def draw(lesson, state, size, kinds=("axis", "arcs", "bars")):
    """The pictures of these kinds that a lesson makes of the state, side by side."""
    shown = lesson.pictures(state, lesson.compute(state)).values()
    shown = [picture for picture in shown if picture["kind"] in kinds]
    for ax, picture in zip(plt.figure(figsize=size).subplots(1, len(shown), squeeze=False).flat, shown, strict=True):
        module_of(picture).draw(ax, picture)
    plt.show()


def draw_heatmap(ax, values, tokens, colours, font_size=9):
    """The heatmap as it is usually written."""
    ax.imshow(values, cmap=colours)
    ax.set_xticks(range(len(tokens)), tokens, rotation=90)
    ax.set_yticks(range(len(tokens)), tokens)
    for (i, j), value in np.ndenumerate(values if font_size else []):
        ax.text(j, i, f"{value:.2f}", ha="center", va="center", size=font_size)
