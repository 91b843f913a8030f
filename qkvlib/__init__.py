"""Attention (Query, Key, Value) for beginners: the arithmetic, live pictures and explorers behind the notebooks."""

from .attention import Attention, attention, causal_mask, padding_mask, scores, softmax
from .exercises.attention import check_attention
from .exercises.context import check_context
from .exercises.heads import check_heads
from .exercises.job import check_job
from .exercises.layer import check_layer
from .exercises.positions import check_positions
from .exercises.rnn_step import check_rnn_step
from .exercises.roles import check_roles
from .exercises.sampling import check_sampling
from .exercises.scores import check_scores
from .exercises.soft_lookup import check_soft_lookup
from .exercises.softmax import check_softmax
from .explorers import grammar, seeing
from .explorers.arrows import ArrowsExplorer
from .explorers.chain import ChainExplorer
from .explorers.context import SENSE_SENTENCES, SENSE_WORDS, ContextExplorer, SENSE_W_k, SENSE_W_q, SENSE_W_v
from .explorers.grammar import TRAINED, VOCABULARY
from .explorers.heads import HeadsExplorer
from .explorers.inside import InsideExplorer
from .explorers.letters import LettersExplorer
from .explorers.memory import recall
from .explorers.mixing import MixingExplorer
from .explorers.order import OrderExplorer
from .explorers.predict import Predict
from .explorers.recall import RecallExplorer
from .explorers.relay import RelayExplorer
from .explorers.roles import RolesExplorer
from .explorers.scores import ScoresExplorer
from .explorers.search import QUERIES, VIDEOS, SearchExplorer
from .explorers.split import SplitExplorer
from .explorers.ties import TiesExplorer
from .explorers.training import TrainingExplorer
from .explorers.variants import VariantsExplorer
from .explorers.weights import WeightsExplorer
from .explorers.writer import WriterExplorer
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
