"""Lesson 11: the model that writes, whole, with one head, and without attention, positions or the mask, measured."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from ipywidgets import Dropdown

from .. import words
from ..models import writer
from ..text import names
from ..views.arithmetic import arithmetic
from ..views.look import number
from ..views.table import table
from ..words import LANGUAGES
from .fields import State as Ruled
from .fields import choice
from .work import Workbench, measure, measurements

VARIANTS = {  # what of `writer.train` is otherwise
    "whole": {},
    "one_head": {"n_heads": 1},
    "no_attention": {"attention": False},
    "no_positions": {"positions": False},
    "no_mask": {"causal": False},
}
SEEDS = range(5)
N_WRITTEN, TEMPERATURE = 1000, 0.5
KINDS = ("learned", "real", "new", "odd", "nothing")
RUN = {"en": 3, "ja": 2}  # letters in a row by which a new name looks odd; of held-out names, 14 % and 9 % do


def kind(name, of: names.Names, run=0) -> str:
    """What a written name is, one of KINDS.

    run : so many letters in a row that stand in no name that was learned make a new name look odd; the beginning and
        the end of a name count as letters. With 0, no name does.

    learned : it stands among those that were learned; real : among those that were held out; nothing : not one letter
    """
    if not name:
        return "nothing"
    if name in of.training:
        return "learned"
    if name in of.held_out:
        return "real"
    return "odd" if looks_odd(name, of, run) else "new"


def looks_odd(name, of: names.Names, run) -> bool:
    """Whether a name has so many letters in a row that stand in no name that was learned."""
    return not _runs_in(name, run) <= _learned_runs(of, run)


def score(parameters, variant, language) -> dict:
    """What one trained model is worth.

    training, held_out : the losses in nats per letter, where it sees what it saw while it learned
    writing : the loss on held-out names where it sees the letters before each place only, as it does when it writes
    learned, real, new, odd, nothing : the share of each kind in 1,000 names that it writes at temperature 0.5
    different : how many of these are different; written : the first ten
    """
    of, causal = names.read(language), VARIANTS[variant].get("causal", True)
    training, held_out = of.numbers(of.training), of.numbers(of.held_out)
    rng = np.random.default_rng(1_000_000)
    written = [of.word(writer.write(parameters, rng, TEMPERATURE)) for _ in range(N_WRITTEN)]
    kinds = [kind(name, of, RUN[language]) for name in written]
    return {
        "training": writer.loss(parameters, training, causal),
        "held_out": writer.loss(parameters, held_out, causal),
        "writing": writer.loss(parameters, held_out),
        **{name: kinds.count(name) / N_WRITTEN for name in KINDS},
        "different": len({*written}),
        "written": written[:10],
    }


def train(variant, language, seed):
    """The training of one of VARIANTS on our names; yields (step, parameters)."""
    of = names.read(language)
    return writer.train(of.numbers(of.training), 1 + len(of.letters), seed, **VARIANTS[variant])


def runs(languages=LANGUAGES):
    """Each run that the table needs, for `measure`."""
    for language in languages:
        for variant in VARIANTS:
            for seed in SEEDS:
                score_it = lambda after, variant=variant, language=language: score(after, variant, language)  # noqa: E731
                yield (language, variant), 1, train(variant, language, seed), score_it


@dataclass(frozen=True)
class State(Ruled):
    """measured : (language, variant) -> the scores of each seed; variant : the one whose runs are shown."""

    measured: dict = measurements("variants")
    variant: str = choice("whole", VARIANTS)


def compute(state: State) -> dict:
    """What was measured in the language in use: variant -> its scores, one of each seed."""
    return {variant: state.measured[words.language(), variant] for variant in VARIANTS}


def pictures(state: State, result: dict) -> dict:
    """Means of all variants, and the runs of one, with some names that each wrote."""
    heads = {name: words.text(f"variants.column.{name}") for name in ("held_out", "writing", *KINDS)}
    means = [
        [words.text(f"variants.{variant}"), _spread(scores), *_means(scores, "writing", *KINDS)]
        for variant, scores in result.items()
    ]
    columns = ("writing", "learned", "new")
    runs = [
        [
            str(run),
            *_means([score], *columns),
            words.text("status.comma").join(name or "–" for name in score["written"][:4]),
        ]
        for run, score in enumerate(result[state.variant], start=1)
    ]
    return {
        "means": table(
            words.text("variants.means", n=len(SEEDS), written=N_WRITTEN),
            [words.text("variants.model"), *heads.values()],
            means,
            note=words.text("variants.note", temperature=f"{TEMPERATURE:g}", run=RUN[words.language()]),
        ),
        "runs": table(
            words.text("variants.runs", model=words.text(f"variants.{state.variant}")),
            [words.text("variants.run"), *(heads[name] for name in columns), words.text("variants.wrote")],
            runs,
        ),
        "arithmetic": arithmetic(_verdict(state.variant, result[state.variant])),
    }


def _verdict(variant, scores):
    """What the chosen one is worth."""
    writing, learned, nothing = _means(scores, "writing", "learned", "nothing")
    model = words.text(f"variants.{variant}")
    return words.text("variants.verdict", model=model, writing=writing, learned=learned, nothing=nothing)


def _means(scores, *names):
    """The mean of each of these numbers."""
    return [number(np.mean([score[name] for score in scores])) for name in names]


def _spread(scores):
    """The mean loss on held-out names, with the least and the largest."""
    losses = [score["held_out"] for score in scores]
    return f"{number(np.mean(losses))} ({number(min(losses))}–{number(max(losses))})"


class VariantsExplorer(Workbench):
    """The stored measurement; a button makes it anew, for the language in use."""

    def work(self):
        return measure(runs([self.language]), writer.N_STEPS, self.state.measured)

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "variant", options=[(words.text(f"variants.{name}"), name) for name in VARIANTS])


def _runs_in(name, n):
    marked = f"^{name}$"
    return {marked[i : i + n] for i in range(len(marked) - n + 1)}


@cache
def _learned_runs(of, n):
    return set().union(*(_runs_in(name, n) for name in of.training))
