"""Names, ours or words of the reader, as rows of whole numbers: what a model that writes letter by letter learns from.

Ours stand in names_en.txt and names_ja.txt, where the first lines say where they are from.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ..arguments import is_a, one_of, strings
from ..words import LANGUAGES, InputError
from .tokens import visible

MIN_NAMES, MAX_TYPED = 50, 500_000  # names; letters of all that was typed
MAX_LETTERS = 20  # of one name
MAX_DIFFERENT = 300  # letters; with more, a training would take too long


@dataclass(frozen=True, eq=False)
class Names:
    """Names in random order, every tenth of them held out, which no training sees; none is in both.

    training, held_out : tuples of str
    letters : str, every letter that occurs, in the order of Unicode; the number of a letter is its index + 1, for 0 is
        the end of a name
    """

    training: tuple
    held_out: tuple
    letters: str

    def numbers(self, names) -> np.ndarray:
        """One row for each name, its letters and then 0: shape (n_names, length of the longest of all names + 1).

        names : list of str, none longer than the longest. Raises ValueError for what cannot be written so.
        """
        names, longest = strings("names", names), max(map(len, self.training + self.held_out))
        number = {letter: i for i, letter in enumerate(self.letters, start=1)}
        for name in names:
            if len(name) > longest or not number.keys() >= {*name}:
                raise ValueError(f"names has {name!r}; it must be at most {longest} of these letters: {self.letters}")
        rows = np.zeros((len(names), longest + 1), int)
        for row, name in zip(rows, names, strict=True):
            row[: len(name)] = [number[letter] for letter in name]
        return rows

    def word(self, numbers) -> str:
        """The name that numbers stand for, without the end."""
        return "".join(self.letters[i - 1] for i in numbers if i)


@cache
def read(language) -> Names:
    """Ours: 5,163 English or 6,675 Japanese ones. Raises ValueError for another language than "en" and "ja"."""
    file = files(__package__) / f"names_{one_of('language', language, LANGUAGES)}.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return _split(line for line in lines if not line.startswith("#"))


def parse(typed) -> Names:
    """The reader's own, one a line, in any script; in lower case, each once, empty lines left out.

    Raises InputError for fewer than 50 or what is too long, TypeError for what is no str.
    """
    typed = visible(is_a("typed", typed, str, "a str"))
    if len(typed) > MAX_TYPED:
        raise InputError("names", "too_long", length=len(typed), limit=MAX_TYPED)
    names = {" ".join(line.lower().split()): None for line in typed.splitlines()}
    names.pop("", None)
    for name in names:
        if len(name) > MAX_LETTERS:
            raise InputError("names", "long_name", name=name[:8] + "…", limit=MAX_LETTERS)
    if len(names) < MIN_NAMES:
        raise InputError("names", "few_names", count=len(names), least=MIN_NAMES)
    if (different := len({*"".join(names)})) > MAX_DIFFERENT:
        raise InputError("names", "many_letters", count=different, limit=MAX_DIFFERENT)
    return _split(names)


def _split(names):
    """Names in an order that is the same each time."""
    names = np.array(sorted(names))
    shuffled = np.random.default_rng(0).permutation(names).tolist()
    n_held_out = len(names) // 10
    return Names(tuple(shuffled[n_held_out:]), tuple(shuffled[:n_held_out]), "".join(sorted({*"".join(shuffled)})))
