"""Attention (Query, Key, Value) for beginners: the arithmetic, live pictures and explorers behind the notebooks."""

from importlib import import_module as _import_module
from pkgutil import iter_modules as _iter_modules

from . import exercises, explorers
from .attention import Attention, attention, causal_mask, padding_mask, scores, softmax
from .explorers import grammar, seeing
from .explorers.context import SENSE_SENTENCES, SENSE_WORDS, SENSE_W_k, SENSE_W_q, SENSE_W_v
from .explorers.grammar import TRAINED, VOCABULARY
from .explorers.memory import recall
from .explorers.predict import Predict
from .explorers.search import QUERIES, VIDEOS
from .models import probes, trained, writer
from .models.convolution import Convolution
from .models.learning import attention_gradients
from .models.positions import positions
from .models.recurrent import GRU, LSTM, TanhRNN
from .text.handmade import FEATURES, KNOWN, MATCH, SENTENCES, W_k, W_q, W_v
from .text.tokens import tokens
from .text.vectors import embed, ngram_vectors
from .views.cell import chart, flow, lesson_map
from .words import use_language

for _folder, _public in ((explorers, "{}Explorer"), (exercises, "check_{}")):  # each file's own, by its name
    for _file in _iter_modules(_folder.__path__):
        _name = _public.format(_file.name.title() if _folder is explorers else _file.name)
        if hasattr(_made := _import_module(f"{_folder.__name__}.{_file.name}"), _name):
            globals()[_name] = getattr(_made, _name)
