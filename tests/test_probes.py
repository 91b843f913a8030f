"""What the trained model answers, worked out anew by loops, and what all of it bears out."""

import numpy as np
import pytest

from qkvlib import probes, trained


@pytest.fixture(scope="module")
def model():
    return trained.load()


def top(row):
    """The word with the most weight, without [CLS] and [SEP]."""
    return max(range(1, len(row) - 1), key=lambda i: row[i])


def test_one_head_goes_to_the_next_word_and_another_stays_with_the_verb(model):
    """The two of "I go to school", told apart in each of twelve sentences; others are neither."""
    found = probes.follows(model)
    count = dict.fromkeys(found, 0)
    for subject, inserted, verb, rest in probes.INSERTED:
        short, long = model(f"{subject} {verb} {rest}"), model(f"{subject} {inserted} {verb} {rest}")
        assert short.tokens[1:3] == [subject.lower(), verb.lower()]
        assert long.tokens[1:4] == [subject.lower(), inserted.lower(), verb.lower()]
        count["verb"] += top(short.weights[2, 8, 1]) == 2
        count["next_after"] += top(long.weights[2, 8, 1]) == 2
        count["verb_after"] += top(long.weights[2, 8, 1]) == 3
    assert {name: found[name][2, 8] for name in found} == count
    assert [found[name][1, 8] for name in ("verb", "next_after", "verb_after")] == [12, 12, 0]
    assert [found[name][1, 4] for name in ("verb", "next_after", "verb_after")] == [12, 0, 12]
    assert min(count.values()) > 0
    assert (found["verb"] >= 10).sum() == 5  # of 72: most do neither


def test_the_source_sentence_has_the_numbers_of_the_lesson(model):
    short, long = model("I go to school").weights, model("I slowly go to school").weights
    weights = [short[1, 8, 1, 2], long[1, 8, 1, 2], short[1, 4, 1, 2], long[1, 4, 1, 3]]
    assert weights == pytest.approx([0.79, 0.90, 0.51, 0.40], abs=0.005)


def test_bank_comes_apart_on_its_way_up(model):
    river, money = (probes.vectors_of(model, "bank", sentences) for sentences in probes.BANK.values())
    pairs = [(i, j) for i in range(6) for j in range(i)]
    for layer, mean in enumerate(probes.alike(river)):
        of_pairs = [cosine(river[i, layer], river[j, layer]) for i, j in pairs]
        assert mean == pytest.approx(np.mean(of_pairs), abs=1e-5)
    of_both = [cosine(one, other) for one in river[:, 6] for other in money[:, 6]]
    between = probes.alike(river, money)
    assert between[6] == pytest.approx(np.mean(of_both), abs=1e-5)
    gap = np.minimum(probes.alike(river), probes.alike(money)) - between
    assert gap[0] < 0.02
    assert gap[6] > 0.08
    every = np.concatenate([river, money])[:, 6]
    nearest = [max((j for j in range(12) if j != i), key=lambda j: cosine(every[i], every[j])) for i in range(12)]
    assert [i // 6 for i in range(12)] == [j // 6 for j in nearest]


def cosine(x, y):
    return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))


def test_a_weight_tells_something_of_what_a_clue_does_but_not_all(model):
    order, same = [], 0
    for sentence in (*probes.BANK["river"], *probes.BANK["money"]):
        tokens, weights, turned = probes.clues(model, sentence, "bank")
        assert "bank" not in tokens
        assert weights.shape == (6, 12, len(tokens))
        order.append(probes.rank_correlation(weights.mean(axis=(0, 1)), turned))
        same += weights.mean(axis=(0, 1)).argmax() == turned.argmax()
    assert min(order) > 0.4
    assert 0.75 < np.mean(order) < 0.9
    assert same == 9  # of 12: in three the word with the most weight is not the one that counts most
    run, hidden = (model("The bank lent money", mask=np.arange(6) != i) for i in (-1, 3))
    assert run.tokens[3] == "lent"
    turned = probes.clues(model, "The bank lent money", "bank")[2]
    assert turned[1] == pytest.approx(1 - cosine(run.vectors[-1, 2], hidden.vectors[-1, 2]), abs=1e-5)


def test_rank_correlation_by_hand():
    assert probes.rank_correlation([1, 5, 9], [0.1, 0.2, 4]) == pytest.approx(1)
    assert probes.rank_correlation([1, 5, 9], [3, 2, 1]) == pytest.approx(-1)
    assert probes.rank_correlation([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)  # 1 - 6 (0 + 1 + 1) / (3 (9 - 1))
