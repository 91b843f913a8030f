"""Lesson 05: a training that can be watched and gone back through, and the answers of the layer against plain loops."""

import asyncio
import copy

import numpy as np
import pytest
from helpers import agree, ask, line, pictures, product, scenes, shares, shown

from qkvlib import TrainingExplorer, words
from qkvlib.explorers import training
from qkvlib.explorers.grammar import ASKED, EVERY, KINDS, N_STEPS, N_WORDS, ROLES, TRAINED, VOCABULARY, sentences
from qkvlib.explorers.training import trained
from qkvlib.text.handmade import SENTENCES, W_k, W_q


def answers_by_loops(parameters, X, tied):
    """The probability of each possible answer, by word."""
    Q, K, V = (product(X, parameters[name]) for name in ROLES[tied])
    rows = [shares([sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K]) for q in Q]
    return np.array([shares(logits) for logits in product(product(rows, V), parameters["W_o"])])


@pytest.mark.parametrize("step", [0, 25, 300])
@pytest.mark.parametrize("tied", ["none", "all"])
def test_the_answers_are_those_of_the_layer_at_that_step(step, tied, language):
    explorer = TrainingExplorer(tied=tied, step=step)
    tokens, vocabulary = TRAINED[language].split(), VOCABULARY[language]
    places = {word: (kind, i) for kind, name in enumerate(KINDS) for i, word in enumerate(vocabulary[name])}
    X = [np.eye(4)[kind].tolist() + np.eye(N_WORDS)[i].tolist() for kind, i in map(places.get, tokens)]
    expected = answers_by_loops(trained(tied, 0).parameters[step], X, tied)
    assert np.allclose(explorer.result.probabilities, expected, atol=1e-9)
    asking = [i for i, token in enumerate(tokens) if places[token][0] < 3]
    for i, token in enumerate(tokens):
        explorer.set(row=i)
        if i not in asking:
            assert line(explorer) == words.text("training.filler", query=token)
            assert {*pictures(explorer)["weights"]["texts"]} == {"–"}
            continue
        assert agree(pictures(explorer)["weights"]["texts"], explorer.result.weights[i])
        kind = KINDS[ASKED[places[token][0]]]
        word = vocabulary[kind][expected[i].argmax()]
        told = {"query": token, "kind": words.text(f"training.kind.{kind}"), "probability": shown(expected[i].max())}
        answer = f"{word} {'✓' if word in tokens else '✗'}"
        assert line(explorer) == words.text("training.line", answer=answer, **told).replace("*", "")
        assert pictures(explorer)["weights"]["title"] == words.text("training.arcs", token=token, step=step)


@pytest.mark.parametrize("tied", ROLES)
def test_the_learned_table_is_the_mean_score_between_words_of_two_kinds(tied):
    parameters = trained(tied, 0).parameters[50]
    W_q, W_k = (parameters[name] for name in ROLES[tied][:2])
    explorer = TrainingExplorer(tied=tied, step=50)
    words_of = [[np.r_[np.eye(4)[kind], np.eye(N_WORDS)[i]] for i in range(N_WORDS)] for kind in range(4)]
    expected = [
        [np.mean([(x @ W_q) @ (y @ W_k) / 2 for x in words_of[a] for y in words_of[b]]) for b in range(4)]
        for a in range(3)
    ]
    assert np.allclose(explorer.result.between, expected)
    assert agree(pictures(explorer)["kinds"]["texts"], expected)


def test_the_hand_made_table_is_the_score_that_a_feature_gives_to_each():
    """One feature alone is a word: what lesson 02 makes of it."""
    expected = [[sum(q * k for q, k in zip(W_q[a], W_k[b], strict=True)) / 3**0.5 for b in range(4)] for a in range(3)]
    drawn = pictures(TrainingExplorer())
    assert agree(drawn["hand_made"]["texts"], expected)
    learned = np.reshape(TrainingExplorer().result.between, (3, 4))
    assert [np.argmax(learned, axis=1).tolist(), np.argmax(expected, axis=1)[[0, 2]].tolist()] == [[1, 2, 0], [1, 1]]
    assert expected[1][0] == expected[1][2]  # an action asks who as much as where
    assert drawn["kinds"]["rows"] == drawn["hand_made"]["rows"]


def test_presets_show_what_they_say(language):
    explorer, right = TrainingExplorer(), {}
    for name in ("halfway", "before", "reset"):
        explorer.buttons[name].click()
        right[name] = explorer.result.history.accuracy[explorer.state.step]
        if name == "before":
            assert np.abs(explorer.result.weights - 1 / 6).max() < 0.15
    assert right["before"].mean() < 0.3 < right["halfway"].mean() < 0.9 < right["reset"].min() == 1
    who, action = (explorer.result.kinds.tolist().index(kind) for kind in (0, 1))
    assert explorer.result.weights[who, action] > 0.95
    explorer.buttons["one"].click()
    assert explorer.result.history.accuracy[N_STEPS].mean() < 2 / 3
    assert explorer.controls["tied"].value == "all"


def test_the_slider_and_the_curve_go_back_and_forth_through_the_training(monkeypatch):
    explorer = TrainingExplorer()
    monkeypatch.setattr(copy, "deepcopy", None)  # nothing of the training is copied on the way
    for step in (40, 0, 155, 300):
        explorer.controls["step"].value = step
        assert (explorer.state.step, pictures(explorer)["accuracy"]["at"]) == (step, step // EVERY)
        assert explorer.result.history is trained("none", 0)
    ask(explorer, picture="accuracy", changes={"at": 7})
    assert explorer.controls["step"].value == 7 * EVERY
    ask(explorer, picture="weights", changes={"row": 2})
    drawn = pictures(explorer)["weights"]
    assert (drawn["asker"], drawn["chosen"]) == (2, 4)  # go, and school


def test_a_word_is_chosen_on_the_arcs_or_where_they_have_no_room_on_a_heatmap_that_says_nothing_of_fillers():
    explorer = TrainingExplorer(sentence=" ".join(["well"] + ["I"] * 11))
    assert pictures(explorer)["weights"]["kind"] == "arcs"
    explorer.set(sentence=" ".join(["well"] + ["I"] * 12))
    ask(explorer, picture="weights", changes={"row": 1, "column": 2})
    drawn = pictures(explorer)["weights"]
    assert (drawn["kind"], drawn["chosen"]) == ("matrix", [1, 2])
    assert {*drawn["texts"][:13]} == {"–"}
    assert agree(drawn["texts"][13:], explorer.result.weights[1:])


def test_another_seed_or_matrix_is_trained_at_once_and_looked_at_after_the_same_step():
    explorer = TrainingExplorer(step=25)
    for name, value in (("seed", 5), ("tied", "all")):
        explorer.controls[name].value = value
        assert explorer.result.history is trained(explorer.state.tied, explorer.state.seed)
        assert [*explorer.result.history.parameters] == [*range(0, N_STEPS + 1, EVERY)]
        assert (explorer.controls["step"].value, explorer.board.scene["status"]) == (25, "")
        assert None not in np.ravel(pictures(explorer)["accuracy"]["heights"])


def test_training_shows_its_progress_from_the_first_step_to_the_last():
    explorer = TrainingExplorer(seed=4)
    got, shares_done = scenes(explorer), []
    explorer.progress.observe(lambda change: shares_done.append(change.new), "value")

    async def run():
        await explorer.start()

    asyncio.run(run())
    assert shares_done == sorted(shares_done)
    titles = [words.text("training.arcs", token="I", step=step) for step in range(0, N_STEPS + 1, EVERY)]
    assert [*dict.fromkeys(scene["pictures"]["weights"]["title"] for scene in got)] == titles
    assert explorer.state.step == N_STEPS


def test_nothing_is_trained_before_it_is_asked_for(monkeypatch):
    train, asked = training.train, []
    monkeypatch.setattr(training, "train", lambda *arguments: asked.append(arguments) or train(*arguments))
    trained.cache_clear()
    explorer = TrainingExplorer()
    assert asked == [(0, "none")]
    explorer.buttons["before"].click()
    explorer.buttons["one"].click()
    assert asked == [(0, "none"), (0, "all")]


@pytest.mark.parametrize(("typed", "word"), [("I fly home", "fly"), ("I <b>", "<b>")])
def test_words_outside_the_grammar_are_told(typed, word):
    explorer = TrainingExplorer()
    explorer.controls["sentence"].value = typed
    told = words.text("error.not_in_grammar", word=word)
    assert explorer.messages == {"sentence": f"{told} {words.text('error.stays')}"}
    explorer.controls["sentence"].value = "WE sing, home."
    assert explorer.messages == {}
    assert explorer.result.sentence.tokens == ["WE", "sing,", "home."]
    assert explorer.result.kinds.tolist() == [0, 1, 2]


def test_the_sentence_of_the_lessons_stands_in_one_of_the_grammar(language):
    """Its four words in their order, and so many fillers that the training could have drawn it."""
    result = TrainingExplorer().result
    mine = [token for token in result.sentence.tokens if token in SENTENCES[language].split()]
    assert " ".join(mine) == SENTENCES[language]
    assert sorted(result.kinds) == sorted(sentences(np.random.default_rng(0), 1).kinds[0])
    assert result.kinds[result.row] == 0


def test_each_word_of_the_grammar_is_there_once_and_read_as_typed(language):
    groups = [VOCABULARY[language][kind] for kind in KINDS]
    assert len({word for group in groups for word in group}) == len(KINDS) * N_WORDS
    for kind, group in enumerate(groups):
        result = TrainingExplorer.result_of(sentence=" ".join(group))
        assert result.sentence.tokens == [*group]
        assert result.kinds.tolist() == [kind] * N_WORDS
        assert result.words.tolist() == [*range(N_WORDS)]
