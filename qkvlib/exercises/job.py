"""Lesson 10: a head of the trained model and its job, tried on sentences that the reader has not seen."""

from numbers import Integral

import numpy as np

from .. import words
from ..arguments import shown
from ..models import trained
from .check import Report, accepted, advice, lines_of, not_yet, refused, run

SENTENCES = (
    "The old man feeds small birds in the garden",
    "My sister wrote a long letter to her friend",
    "Yesterday it rained all day",
    "We cooked rice and ate it with fish",
    "The train to the city leaves at nine",
    "Nobody knows where the key is",
    "She smiled because the baby laughed",
    "Red apples are sweeter than green ones",
    "His brother plays the piano every evening",
    "They built a small house near the sea",
    "The dog that chased the cat ran away",
    "Please close the window before you leave",
)
ENOUGH = 0.8  # of the words for which the job says something
MOST = 0.5  # of all words: so many it must say something for


def check_job(layer, head, job) -> Report:
    """Measure how often a head looks most at the token that its job names, on 12 sentences; right from 80 % on.

    layer, head : whole numbers, counted from 0
    job : function (tokens, i) -> the index of the token at which token i should look most, [CLS] and [SEP] aside; None,
        or an index that is not there, where it says nothing, which may be for half of the tokens
    """
    if job is Ellipsis:
        return not_yet(words.text("exercise.job.not_yet"))
    if not callable(job):
        return refused("not_function", "job", type=type(job).__name__)
    for number, count in ((layer, trained.N_LAYERS), (head, trained.N_HEADS)):
        if not isinstance(number, Integral) or isinstance(number, bool) or not 0 <= number < count:
            return refused("job_head", "job", layers=trained.N_LAYERS - 1, heads=trained.N_HEADS - 1)
    model, n_tokens, named, misses = trained.load(), 0, 0, []
    for sentence in SENTENCES:
        found = model(sentence)
        tokens, weights = found.tokens[1:-1], found.weights[layer, head, 1:-1, 1:-1]
        for i in range(len(tokens)):
            outcome = run(job, {"tokens": tokens, "i": np.int64(i)})
            if outcome.came is Ellipsis:
                return not_yet(words.text("exercise.job.not_yet"))
            if outcome.error is not None:
                return Report(
                    False, "\n".join(["✗ " + lines_of(outcome)[0], *lines_of(outcome)[1:], advice("stopped", "job")])
                )
            j, n_tokens = outcome.came, n_tokens + 1
            if j is not None and (not isinstance(j, Integral) or isinstance(j, bool)):
                return refused("job_index", "job", came=shown(j, 40))
            if j is not None and 0 <= j < len(tokens):
                named += 1
                if (top := int(weights[i].argmax())) != j:
                    places = {"i": i, "j": top, "said": int(j)}
                    misses.append(
                        {"sentence": sentence, "token": tokens[i], "top": tokens[top], "named": tokens[j]} | places
                    )
    if named < MOST * n_tokens:
        return refused("job_silent", "job", named=named, count=n_tokens)
    right = 1 - len(misses) / named >= ENOUGH
    counted = {"layer": layer, "head": head, "hits": named - len(misses), "count": named, "all": n_tokens}
    lines = [words.text("exercise.job.holds", **counted)]
    if misses:
        lines.append(words.text("exercise.job.miss", **misses[0]))
    if right:
        return accepted("\n".join(lines), "job")
    lines.append(advice("job_rare", "job", enough=round(100 * ENOUGH)))
    return Report(False, "✗ " + "\n".join(lines))
