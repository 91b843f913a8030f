"""Lesson 05 without a browser: tied matrices against plain loops, and a training that can be watched and cancelled."""

import asyncio

import numpy as np
import pytest
from test_explorers import agree, pictures, scenes, shown

from qkvlib import KNOWN, RolesExplorer, TiesExplorer, TrainingExplorer, W_k, W_q, W_v, examples, words
from qkvlib.explorers import ties, training
from qkvlib.explorers.training import trained
from qkvlib.grammar import ASKED, EVERY, KINDS, N_STEPS, N_WORDS, ROLES

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]
SENTENCE = {"en": "I go to school", "ja": "私は 学校 へ 行く"}
MATRICES = {"W_q": W_q, "W_k": W_k, "W_v": W_v}
each_tie = pytest.mark.parametrize("tied", ROLES)


def ask(explorer, picture, **changes):
    serial = explorer.board.asked.get("serial", 0) + 1
    explorer.board.asked = {"picture": picture, "changes": changes, "serial": serial}


def product(X, W):
    return [[sum(a * b for a, b in zip(x, column, strict=True)) for column in np.transpose(W)] for x in X]


# Roles


@each_tie
def test_roles_are_made_by_the_matrices_that_are_in_use(tied, language):
    explorer = RolesExplorer()
    explorer.controls["tied"].value = tied
    X = [KNOWN[token.casefold()] for token in SENTENCE[language].split()]
    Q, K, V = (product(X, MATRICES[name]) for name in ROLES[tied])
    result = explorer.result
    for name, expected in zip("QKV", (Q, K, V), strict=True):
        np.testing.assert_allclose(getattr(result, name), expected, atol=1e-12)
        assert agree(pictures(explorer)[name]["texts"], expected)
    scores = np.array(product(Q, np.transpose(K))) / len(Q[0]) ** 0.5
    np.testing.assert_allclose(result.scores, scores, atol=1e-12)
    np.testing.assert_allclose(result.weights, np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), atol=1e-12)
    assert {name for name in pictures(explorer) if name in MATRICES} == {*ROLES[tied]}


@each_tie
def test_scores_are_symmetric_just_where_queries_and_keys_share_a_matrix(tied, language):
    explorer = RolesExplorer(tied=tied, sentence="the cat saw a dog in zig zag")
    scores, weights = explorer.result.scores, explorer.result.weights
    difference = np.abs(scores - scores.T).max()
    assert difference > 0.5 if tied == "none" else difference < 1e-12
    assert np.abs(weights - weights.T).max() > 0.1  # each row has a sum of its own
    assert shown(difference) in pictures(explorer)["pair"]["note"]


def test_with_vectors_of_equal_length_no_token_gets_a_higher_score_than_the_token_itself():
    rng = np.random.default_rng(0)
    for _ in range(200):
        Q = rng.normal(size=(6, 3))
        Q /= np.linalg.norm(Q, axis=1, keepdims=True)
        scores = Q @ Q.T
        assert (scores.argmax(axis=1) == np.arange(6)).all()


def test_the_pair_is_shown_both_ways_round_and_marked(language):
    explorer = RolesExplorer()
    for row, column in ((0, 2), (3, 1)):
        ask(explorer, "scores", row=row, column=column)
        tokens, scores, weights = SENTENCE[language].split(), explorer.result.scores, explorer.result.weights
        rows = pictures(explorer)["pair"]["rows"]
        assert [line[0] for line in rows] == [f"{tokens[row]} → {tokens[column]}", f"{tokens[column]} → {tokens[row]}"]
        for line, at in zip(rows, ((row, column), (column, row)), strict=True):
            assert agree(line[1:], [scores[at], weights[at]])
        for name in ("scores", "weights"):
            assert pictures(explorer)[name]["chosen"] == [row, column]
            assert pictures(explorer)[name]["sources"] == [column * 4 + row]


def test_any_entry_of_a_matrix_can_be_chosen_and_moved(language):
    explorer = RolesExplorer()
    for name, row, column in (("W_k", 2, 1), ("W_v", 0, 1), ("W_q", 3, 0)):
        ask(explorer, name, row=row, column=column)
        assert explorer.controls["entry"].value == MATRICES[name][row, column]
        assert pictures(explorer)[name]["chosen"] == [row, column]
        for value in (1.25, -0.7):
            explorer.controls["entry"].value = value
            assert explorer.result.matrices[name][row, column] == value
    before = explorer.result
    ask(explorer, "X", row=0, column=0)  # made by hand: nothing to choose
    assert explorer.result is before
    assert np.array_equal(MATRICES["W_k"], W_k)
    assert W_k[2, 1] == 0  # the lessons' own matrix is left alone
    explorer.preset("reset")
    np.testing.assert_array_equal(explorer.result.matrices["W_k"], W_k)


def test_an_entry_of_a_matrix_that_is_not_in_use_gives_way_to_one_that_is():
    explorer = RolesExplorer(chosen=("W_k", 2, 1))
    explorer.controls["tied"].value = "all"
    assert explorer.controls["entry"].value == W_q[2, 1]
    explorer.controls["entry"].value = 2.5
    assert explorer.result.matrices["W_q"][2, 1] == 2.5
    assert np.abs(explorer.result.scores - explorer.result.scores.T).max() < 1e-12


def test_with_matrices_of_their_own_one_word_can_look_for_another_that_does_not_look_back(language):
    explorer = RolesExplorer()
    explorer.buttons["one_way"].click()
    i, go = 0, {"en": 1, "ja": 3}[language]
    there, back = explorer.result.weights[i, go], explorer.result.weights[go, i]
    assert there > 0.5
    assert back < 0.05


@pytest.mark.parametrize("value", [np.nan, np.inf, "x"])
def test_an_entry_that_is_no_number_is_told_and_changes_nothing(value, language):
    explorer = RolesExplorer()
    before = explorer.state, pictures(explorer)
    explorer.set(entries={("W_q", 0, 0): value})
    assert explorer.messages == {"entry": words.text("error.number", value=value)}
    assert (explorer.state, pictures(explorer)) == before


# Training


def logits_by_loops(parameters, X, tied):
    """What each word answers, by plain loops."""
    Q, K, V = (product(X, parameters[name]) for name in ROLES[tied])
    rows = []
    for q in Q:
        exps = [np.exp(sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5) for k in K]
        mixed = [sum(e / sum(exps) * v[j] for e, v in zip(exps, V, strict=True)) for j in range(len(V[0]))]
        rows.append(product([mixed], parameters["W_o"])[0])
    return np.array(rows)


@pytest.mark.parametrize("step", [0, 25, 300])
@pytest.mark.parametrize("tied", ["none", "all"])
def test_the_answers_are_those_of_the_layer_at_that_step(step, tied, language):
    explorer = TrainingExplorer(tied=tied, history=trained(tied, 0), step=step)
    vocabulary = examples.VOCABULARY[language]
    place_of = {word: (k, i) for k, kind in enumerate(KINDS) for i, word in enumerate(vocabulary[kind])}
    tokens = explorer.state.sentence.split()
    X = np.zeros((len(tokens), len(KINDS) + N_WORDS))
    for row, token in zip(X, tokens, strict=True):
        kind, i = place_of[token]
        row[kind] = row[len(KINDS) + i] = 1
    logits = logits_by_loops(trained(tied, 0).parameters[step], X, tied)
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(explorer.result.probabilities, expected, atol=1e-9)
    asking = [i for i, token in enumerate(tokens) if place_of[token][0] < 3]
    for i, (asks, looks_for, answer, probability) in zip(asking, pictures(explorer)["answers"]["rows"], strict=True):
        kind = KINDS[ASKED[place_of[tokens[i]][0]]]
        word, mark = answer.split()
        assert (asks, looks_for) == (tokens[i], words.text(f"training.kind.{kind}"))
        assert word == vocabulary[kind][expected[i].argmax()]
        assert mark == ("✓" if word in tokens else "✗")
        assert agree([probability], [expected[i].max()])
    assert pictures(explorer)["weights"]["title"] == words.text("training.weights", step=step)


def test_before_training_attention_is_spread_and_after_it_finds(language):
    explorer = TrainingExplorer()
    who, action = 3, 4
    explorer.buttons["before"].click()
    assert np.abs(explorer.result.weights - 1 / 6).max() < 0.15
    explorer.buttons["reset"].click()
    assert explorer.result.weights[who, action] > 0.95
    assert explorer.result.history.accuracy[N_STEPS].min() == 1


def test_the_slider_and_the_curve_go_back_and_forth_through_the_training():
    explorer = TrainingExplorer()
    for step in (40, 0, 155, 300):
        explorer.controls["step"].value = step
        assert (explorer.result.step, pictures(explorer)["accuracy"]["at"]) == (step, step // EVERY)
    ask(explorer, "accuracy", at=7)
    assert explorer.controls["step"].value == 7 * EVERY
    ask(explorer, "weights", row=1, column=2)
    assert pictures(explorer)["weights"]["chosen"] == [1, 2]
    for step, place in ((-5, 0), (12, 10), (999, 300)):  # from code
        explorer.set(step=step)
        assert explorer.result.step == place


def test_training_shows_its_progress_and_ends_where_the_stored_one_does():
    explorer = TrainingExplorer(seed=4)
    assert explorer.result.step == 0
    assert explorer.board.scene["status"] == words.text("training.untrained")
    explorer_scenes, shares = scenes(explorer), []
    explorer.progress.observe(lambda change: shares.append(change.new), "value")
    asyncio.run(finish(explorer))
    assert explorer.progress.value == 1
    assert shares == sorted(shares)
    assert len(explorer_scenes) >= N_STEPS // EVERY
    assert explorer.board.scene["status"] == ""
    assert not explorer.start_button.disabled
    assert explorer.cancel_button.disabled
    for name, expected in trained("none", 4).parameters[N_STEPS].items():
        np.testing.assert_array_equal(explorer.result.history.parameters[N_STEPS][name], expected)


async def finish(explorer):
    explorer.start_button.click()
    assert explorer.start_button.disabled
    await explorer.task


def test_cancelling_keeps_what_was_learned_by_then():
    explorer = TrainingExplorer(seed=1)

    async def cancel_soon():
        explorer.start_button.click()
        while explorer.result.step < 50:
            await asyncio.sleep(0)
        explorer.cancel_button.click()
        with pytest.raises(asyncio.CancelledError):
            await explorer.task

    asyncio.run(cancel_soon())
    assert 50 <= explorer.result.step < N_STEPS
    assert len(explorer.result.history.parameters) == explorer.result.step // EVERY + 1
    assert explorer.messages == {}
    explorer.controls["step"].value = 20
    assert explorer.result.step == 20
    last = pictures(explorer)["accuracy"]
    assert last["heights"][0][-1] is None  # not yet trained so far


@pytest.mark.parametrize("changes", [{"seed": 8}, {"tied": "qk"}])
def test_another_seed_or_tie_begins_anew_and_ends_a_training_that_runs(changes):
    explorer = TrainingExplorer(seed=9)

    async def change_soon():
        explorer.start_button.click()
        while explorer.result.step < 50:
            await asyncio.sleep(0)
        for name, value in changes.items():
            explorer.controls[name].value = value
        await explorer.task

    asyncio.run(change_soon())
    assert explorer.result.step == 0
    assert vars(explorer.state).items() >= changes.items()
    assert explorer.board.scene["status"] == words.text("training.untrained")


def test_the_notebook_goes_on_while_it_trains():
    """Between two steps of the training everything else that waits has its turn."""
    explorer, turns = TrainingExplorer(seed=2), []

    async def with_others():
        explorer.start()
        while not explorer.task.done():
            turns.append(explorer.result.step)
            explorer.controls["sentence"].value = f"Ann {['runs', 'sings'][len(turns) % 2]} home"
            await asyncio.sleep(0)

    asyncio.run(with_others())
    assert len(turns) >= N_STEPS // EVERY
    assert explorer.messages == {}


def test_a_fault_in_long_work_is_told_beside_the_controls(language):
    class Faulty(TrainingExplorer):
        def work(self):
            yield 0.5, {}
            raise RuntimeError("the fault")

    explorer = Faulty()
    with pytest.raises(RuntimeError, match="the fault"):
        asyncio.run(finish(explorer))
    assert explorer.messages == {"": words.text("error.fault", error="RuntimeError('the fault')")}
    assert not explorer.start_button.disabled


def test_a_preset_and_a_second_start_end_the_work():
    explorer = TrainingExplorer()

    async def twice():
        first = explorer.start()
        await asyncio.sleep(0)
        second = explorer.start()
        await asyncio.sleep(0)
        assert first.cancelled()
        assert explorer.start_button.disabled
        explorer.buttons["reset"].click()
        await asyncio.sleep(0)
        assert second.cancelled()

    asyncio.run(twice())
    assert not explorer.start_button.disabled
    assert explorer.result.step == N_STEPS


@pytest.mark.parametrize(
    ("typed", "reason", "details"),
    [
        ("Ann flies home", "not_in_grammar", {"word": "flies"}),
        ("<b>", "not_in_grammar", {"word": "<b>"}),
        ("", "empty", {}),
    ],
)
def test_words_outside_the_grammar_are_told_and_the_picture_stays(typed, reason, details):
    explorer = TrainingExplorer()
    before = pictures(explorer)
    explorer.controls["sentence"].value = typed
    assert explorer.messages == {"sentence": words.text(f"error.{reason}", **details)}
    assert pictures(explorer) is before
    explorer.controls["sentence"].value = "ANN sleeps, home."
    assert explorer.messages == {}
    assert explorer.result.tokens == ["ANN", "sleeps,", "home."]


def test_each_word_of_the_grammar_is_there_once_and_read_as_typed(language):
    vocabulary = examples.VOCABULARY[language]
    assert {kind: len(group) for kind, group in vocabulary.items()} == dict.fromkeys(KINDS, N_WORDS)
    flat = [word for group in vocabulary.values() for word in group]
    assert len({*flat}) == len(flat)
    explorer = TrainingExplorer()
    for kind, group in enumerate(vocabulary.values()):
        explorer.controls["sentence"].value = " ".join(group)
        assert explorer.result.tokens == [*group]
        assert explorer.result.kinds.tolist() == [kind] * N_WORDS
        assert explorer.result.words.tolist() == [*range(N_WORDS)]


# Ties


def test_the_stored_accuracies_are_measured_again():
    """One seed of each; the rest is the same code."""
    for (n_asking, tied), stored in examples.TIED_ACCURACY.items():
        *_, (_, parameters) = training.train(3, tied, n_asking)
        assert ties.score(parameters, tied, n_asking) == pytest.approx(stored[3], abs=0.02)
    assert {len(stored) for stored in examples.TIED_ACCURACY.values()} == {len(ties.SEEDS)}
    assert examples.TIED_ACCURACY.keys() == {(n, tied) for n in ties.QUESTIONS for tied in ROLES}


def test_the_table_shows_mean_and_spread_of_each(language):
    explorer = TiesExplorer()
    rows = pictures(explorer)["table"]["rows"]
    for row, tied in zip(rows, ROLES, strict=True):
        assert row[0] == words.text(f"roles.tied.{tied}")
        for cell, n in zip(row[1:], ties.QUESTIONS, strict=True):
            stored = examples.TIED_ACCURACY[n, tied]
            numbers = [shown(np.mean(stored)), shown(min(stored)), shown(max(stored))]
            assert all(text in cell for text in numbers)
    ask(explorer, "lines", at=0)
    assert pictures(explorer)["lines"]["x_text"] == "1"


def test_measuring_again_fills_the_table_run_by_run(monkeypatch):
    def quick(seed, tied, n_asking):
        yield 0, {}
        yield N_STEPS, {"seed": seed}

    monkeypatch.setattr(ties, "train", quick)
    monkeypatch.setattr(ties, "score", lambda parameters, tied, n: parameters["seed"] / 10 + n / 100)
    explorer = TiesExplorer()
    got = scenes(explorer)
    asyncio.run(finish(explorer))
    assert explorer.state.measured == {
        (n, tied): pytest.approx([seed / 10 + n / 100 for seed in range(5)]) for n in (1, 2, 3) for tied in ROLES
    }
    assert len(got) == 45
    cells = [row[1:] for row in got[0]["pictures"]["table"]["rows"]]
    assert sum(cell == "…" for row in cells for cell in row) == 8
    explorer.buttons["reset"].click()
    assert explorer.state.measured is examples.TIED_ACCURACY
