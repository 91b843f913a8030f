"""Lesson 11: what follows the letters so far, against plain loops, by hand or drawn."""

import asyncio
import re

import numpy as np
import pytest
from helpers import agree, ask, line, pictures, shares, shown, to_float

from qkvlib import LettersExplorer, words
from qkvlib.explorers.letters import N_SHOWN
from qkvlib.explorers.writer import Model, stored_history
from qkvlib.models import writer
from qkvlib.text.names import parse, read
from qkvlib.text.tokens import visible

BEGUN = {"en": "mari", "ja": "まさ"}


def letters(explorer):
    """The numbers of the letters that are offered, 0 for the end."""
    names, end = explorer.state.model.names, words.table(explorer.language)["letters.end"]
    return [0 if key == end else 1 + names.letters.index(key) for key in pictures(explorer)["next"]["keys"]]


def expected(explorer, temperature):
    """The probability of each letter, from those at temperature 1."""
    numbers = [1 + explorer.state.model.names.letters.index(letter) for letter in explorer.state.written]
    likely, weights = writer.next_letter(explorer.state.model.parameters, numbers)
    return np.array(shares(np.log(likely) / temperature)), weights


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.0])
def test_the_likeliest_letters_are_offered_with_their_probabilities(temperature, language):
    explorer = LettersExplorer(temperature=temperature)
    for written in ("", BEGUN[language]):
        explorer.set(written=written)
        (likely, _), (cool, _) = (expected(explorer, t) for t in (1, temperature))
        offered = letters(explorer)
        assert len(offered) == N_SHOWN
        assert 0 in offered
        assert set(offered[:-1]) <= {*np.argsort(-likely)[:N_SHOWN].tolist()}
        assert (np.diff(likely[offered]) <= 0).all()
        texts = pictures(explorer)["next"]["texts"]
        assert agree(texts[::2], likely[offered])
        assert agree(texts[1::2], cool[offered])
        power, total, probability = re.findall(r"[\d.]+(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", line(explorer).split(")")[-1])
        assert probability == shown(cool.max())
        if "10" not in power + total:
            assert to_float(power) / to_float(total) == pytest.approx(cool.max(), abs=0.01)


def test_the_arcs_are_the_last_row_of_each_head(language):
    explorer = LettersExplorer(written=BEGUN[language])
    _, weights = expected(explorer, 1)
    assert len(weights) == 4
    for head, of_head in enumerate(weights):
        looks = pictures(explorer)[f"head{head}"]
        assert str(head + 1) in looks["title"]
        assert looks["labels"][1:] == [*BEGUN[language]]
        assert (looks["asker"], looks["chosen"]) == (len(BEGUN[language]), of_head[-1].argmax())
        assert agree(looks["texts"], of_head[-1])


def test_it_begins_with_letters_of_a_learned_name_so_that_heads_differ(language):
    explorer, names = LettersExplorer(), read(language)
    begun = explorer.state.written
    assert len(begun) == 3
    assert names.training[1].startswith(begun)
    heads = [pictures(explorer)[f"head{head}"] for head in range(4)]
    assert len({tuple(head["texts"]) for head in heads}) == 4
    assert len({head["chosen"] for head in heads}) > 1
    explorer.controls["written"].value = ""
    explorer.buttons["reset"].click()
    assert explorer.state.written == begun


def test_a_letter_is_chosen_by_hand_and_the_name_ends_or_goes_back(language):
    explorer, names = LettersExplorer(written=""), read(language)
    for at in (0, 2, 1):
        before, number = explorer.state.written, letters(explorer)[at]
        if number == 0:
            continue
        ask(explorer, picture="next", changes={"row": at})
        assert explorer.state.written == before + names.letters[number - 1]
        count = sum(name.startswith(explorer.state.written) for name in names.training)
        told = {"count": count, "all": len(names.training), "written": explorer.state.written}
        assert explorer.board.scene["status"] == words.text("letters.begins", **told)
    written = explorer.state.written
    end = letters(explorer).index(0)
    ask(explorer, picture="next", changes={"row": end})
    assert explorer.state.ended
    assert explorer.state.written == written
    assert pictures(explorer)["next"]["chosen"] == end
    ask(explorer, picture="head2", changes={"row": 1})
    assert (explorer.state.written, explorer.state.ended) == (written[:1], False)
    ask(explorer, picture="head0", changes={"row": 0})
    assert explorer.state.written == ""


def test_a_whole_name_is_told_as_what_it_is(language):
    names = read(language)
    kinds = {"learned": names.training[0], "real": names.held_out[0], "nothing": "", "new": names.training[0][:1] * 5}
    assert kinds["new"] not in names.training + names.held_out
    for kind, written in kinds.items():
        explorer = LettersExplorer(written=written, ended=True)
        assert explorer.board.scene["status"] == words.text(f"letters.is.{kind}", written=written)


def test_what_is_offered_is_told_as_known_or_new(language):
    names, kind = read(language), {name: words.text(f"writer.kind.{name}") for name in ("learned", "real", "new")}
    for written in ("", BEGUN[language], names.training[1], names.held_out[1]):
        explorer = LettersExplorer(written=written)
        for number, told in zip(letters(explorer), pictures(explorer)["next"]["values"], strict=True):
            begun = written + (names.letters[number - 1] if number else "")
            if number:
                of = [any(name[: len(begun)] == begun for name in some) for some in (names.training, names.held_out)]
            elif begun:
                of = [begun in some for some in (names.training, names.held_out)]
            else:
                continue
            assert told == kind["learned" if of[0] else "real" if of[1] else "new"]


def test_the_button_writes_on_to_the_end_and_the_next_time_another_name(monkeypatch, language):
    monkeypatch.setattr(LettersExplorer, "pause", 0)
    explorer, names = LettersExplorer(written=""), read(language)

    async def run():
        await explorer.start()

    written = []
    for seed in range(3):
        rng, numbers = np.random.default_rng(seed), []
        asyncio.run(run())
        while len(numbers) < max(map(len, names.training + names.held_out)):
            likely, _ = writer.next_letter(stored_history().model.parameters, numbers, 0.5)
            letter = int(rng.choice(len(likely), p=likely))
            if letter == 0:
                break
            numbers.append(letter)
        assert explorer.state.written == names.word(numbers)
        written.append(explorer.state.written)
    assert len({*written}) == 3
    explorer.set(written=BEGUN[language], ended=False)
    asyncio.run(run())
    assert explorer.state.written.startswith(BEGUN[language])


def test_nothing_follows_the_longest_name(language):
    names = read(language)
    longest = max(names.training + names.held_out, key=len)
    explorer = LettersExplorer(written=longest)
    assert not pictures(explorer)["next"]["asks"]
    assert explorer.board.scene["status"].startswith(words.text("letters.is.learned", written=longest)[:8])
    explorer.controls["written"].value = longest + longest[0]
    limit = len(longest)
    told = words.text("error.long_text", length=limit + 1, limit=limit)
    assert explorer.messages == {"written": f"{told} {words.text('error.stays')}"}


def test_what_was_never_learned_cannot_be_written(language):
    explorer = LettersExplorer()
    explorer.controls["written"].value = BEGUN[language] + "ß"
    told = words.text("error.unknown_letter", letter="ß")
    assert explorer.messages == {"written": f"{told} {words.text('error.stays')}"}
    explorer.controls["written"].value = visible(BEGUN[language].upper())
    assert explorer.messages == {}


def test_cold_is_sharper_and_hot_is_flatter(language):
    explorer, largest = LettersExplorer(written=BEGUN[language]), {}
    for name in ("cold", "reset", "hot"):
        explorer.buttons[name].click()
        largest[name] = max(pictures(explorer)["next"]["lengths"], key=lambda both: both[1])[1]
    assert largest["cold"] > largest["reset"] > largest["hot"]


def test_a_model_of_the_readers_own_stays_through_every_preset_and_letters_may_be_many():
    names = parse("\n".join(f"{a}{b}{'x' * 14}{c}" for a in "bdkl" for b in "aeio" for c in "mnrs"))
    parameters = writer.first_parameters(np.random.default_rng(0), 1 + len(names.letters), 18)
    model = Model(names, parameters)
    explorer = LettersExplorer(model=model, written=names.training[0][:14])
    assert LettersExplorer(model=model).state.written == names.training[1][:3]
    looks = pictures(explorer)["looks"]  # no room for arcs between so many
    assert (looks["kind"], looks["columns"][1:]) == ("matrix", [*names.training[0][:14]])
    assert agree(looks["texts"], explorer.result.weights[:, -1])
    for button in explorer.buttons.values():
        button.click()
        assert explorer.state.model is model
        assert explorer.state.written == names.training[1][:3]
