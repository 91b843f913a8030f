"""What the lessons start from. Every number here is made by hand for teaching; none is learned.

A word's vector says how much of four features it has; W_q and W_k turn it into a query and a key over three.
d_model = 4 and d_k = 3 differ, so that the two cannot be mixed up. W_v turns it into a value in the plane, d_v = 2.
"""

import numpy as np

SENTENCES = {"en": "I go to school", "ja": "私は 学校 へ 行く"}

FEATURES = ("who", "action", "place", "link")  # d_model = 4: what a word is
MATCH = ("who", "action", "place")  # d_k = 3: what a query looks for and a key offers
PLANE = ("person_place", "action")  # d_v = 2: what a value hands over; the first runs from a person (−) to a place (+)

# fmt: off
# looks for:    who  action  place
W_q = np.array([[-0.5, 2.0, 0.5],    # a who looks above all for an action
                [1.5, -0.5, 1.5],    # an action for who does it, and where
                [0.0, 1.0, -0.5],    # a place for what is done there
                [0.0, 0.5, 2.0]])    # a link for the place that it points to

# offers:       who  action  place
W_k = np.array([[2.0, 0.0, 0.0],
                [0.0, 2.0, 0.0],
                [0.0, 0.0, 2.0],
                [0.0, 0.5, 0.5]])

# hands over:  person-place  action
W_v = np.array([[-1.0, 0.0],
                [0.0, 1.0],
                [1.0, 0.0],
                [0.0, -0.3]])

KNOWN = {
    # word: (who, action, place, link)
    "i": (1.0, 0.1, 0.0, 0.0), "you": (1.0, 0.0, 0.1, 0.0), "he": (1.0, 0.2, 0.0, 0.0), "she": (1.0, 0.0, 0.0, 0.1),
    "we": (0.9, 0.1, 0.1, 0.0), "they": (0.9, 0.0, 0.1, 0.1), "cat": (0.8, 0.2, 0.1, 0.0), "dog": (0.8, 0.3, 0.0, 0.0),
    "teacher": (0.9, 0.2, 0.2, 0.0), "student": (0.9, 0.1, 0.3, 0.0), "friend": (1.0, 0.0, 0.2, 0.0),
    "go": (0.1, 1.0, 0.2, 0.0), "goes": (0.1, 1.0, 0.2, 0.0), "come": (0.0, 0.9, 0.3, 0.0), "run": (0.1, 1.0, 0.1, 0.0),
    "walk": (0.0, 0.9, 0.1, 0.1), "see": (0.2, 0.8, 0.0, 0.0), "saw": (0.2, 0.8, 0.0, 0.1), "eat": (0.1, 0.9, 0.0, 0.0),
    "read": (0.1, 0.7, 0.1, 0.0), "sit": (0.0, 0.8, 0.4, 0.0), "school": (0.1, 0.0, 1.0, 0.0),
    "home": (0.2, 0.0, 0.9, 0.0), "park": (0.0, 0.1, 0.9, 0.0), "station": (0.0, 0.1, 1.0, 0.0),
    "library": (0.0, 0.0, 1.0, 0.1), "city": (0.1, 0.0, 0.8, 0.0), "to": (0.0, 0.0, 0.3, 1.0),
    "at": (0.0, 0.0, 0.4, 0.9), "in": (0.0, 0.0, 0.4, 1.0), "from": (0.0, 0.1, 0.3, 1.0), "the": (0.0, 0.0, 0.1, 0.4),
    "a": (0.0, 0.0, 0.0, 0.4), "and": (0.1, 0.0, 0.0, 0.6),
    "私": (1.0, 0.1, 0.0, 0.0), "私は": (1.0, 0.1, 0.0, 0.0), "あなた": (1.0, 0.0, 0.1, 0.0),
    "彼": (1.0, 0.2, 0.0, 0.0), "彼は": (1.0, 0.2, 0.0, 0.0), "彼女": (1.0, 0.0, 0.0, 0.1),
    "彼女は": (1.0, 0.0, 0.0, 0.1), "猫": (0.8, 0.2, 0.1, 0.0), "犬": (0.8, 0.3, 0.0, 0.0),
    "先生": (0.9, 0.2, 0.2, 0.0), "学生": (0.9, 0.1, 0.3, 0.0), "友だち": (1.0, 0.0, 0.2, 0.0),
    "行く": (0.1, 1.0, 0.2, 0.0), "行き": (0.1, 1.0, 0.2, 0.0), "来る": (0.0, 0.9, 0.3, 0.0),
    "走る": (0.1, 1.0, 0.1, 0.0), "歩く": (0.0, 0.9, 0.1, 0.1), "見る": (0.2, 0.8, 0.0, 0.0),
    "食べる": (0.1, 0.9, 0.0, 0.0), "読む": (0.1, 0.7, 0.1, 0.0), "座る": (0.0, 0.8, 0.4, 0.0),
    "帰る": (0.0, 0.9, 0.4, 0.0), "学校": (0.1, 0.0, 1.0, 0.0), "家": (0.2, 0.0, 0.9, 0.0),
    "公園": (0.0, 0.1, 0.9, 0.0),
    "駅": (0.0, 0.1, 1.0, 0.0), "図書館": (0.0, 0.0, 1.0, 0.1), "町": (0.1, 0.0, 0.8, 0.0), "へ": (0.0, 0.0, 0.3, 1.0),
    "に": (0.0, 0.0, 0.3, 0.9), "で": (0.0, 0.1, 0.4, 0.9), "から": (0.0, 0.1, 0.3, 1.0), "は": (0.2, 0.0, 0.0, 0.5),
    "が": (0.3, 0.0, 0.0, 0.5), "を": (0.0, 0.3, 0.0, 0.6), "と": (0.1, 0.0, 0.0, 0.6), "の": (0.0, 0.0, 0.1, 0.5),
}
# fmt: on

QUERIES = {"en": "How to cook delicious curry", "ja": "おいしいカレーの作り方"}

VIDEOS = {  # title (key): content (value)
    "en": {
        "How to Fix a Bicycle": "patching a flat tyre",
        "Ultimate Curry from Spices": "roasting whole spices",
        "My Cat Falls off the Sofa": "a cat slides off a sofa",
        "Currency Exchange Explained": "dollars become yen",
        "Quick 5-Minute Curry Recipe": "one pan, curry powder",
        "Hungary by Night Train": "Budapest after dark",
        "Piano for Beginners": "the scale of C major",
    },
    "ja": {
        "自転車の直し方": "パンクの修理",
        "スパイスから作る究極カレー": "スパイスを炒めて煮込む",
        "ソファから落ちる猫": "猫がソファから転げ落ちる",
        "カレンダーの読み方": "祝日と大安の見つけ方",
        "時短！5分カレーレシピ": "カレー粉とフライパン1つ",
        "おなかがへこむ体操": "腹筋を30回",
        "はじめてのピアノ": "ドレミの弾き方",
    },
}
BEST, CAT, TRAP = 4, 2, 5  # places of the video that QUERIES find best, of the cat, and of one that only spelling finds

# fmt: off
VOCABULARY = {  # five words of each kind of qkvlib.grammar, no word twice
    "en": {
        "who": ("Ann", "Ben", "Mia", "cat", "dog"), "action": ("eats", "reads", "runs", "sings", "sleeps"),
        "place": ("home", "library", "park", "school", "station"), "filler": ("now", "oh", "then", "very", "well"),
    },
    "ja": {
        "who": ("犬", "猫", "兄", "姉", "先生"), "action": ("歌う", "食べる", "眠る", "走る", "読む"),
        "place": ("家", "駅", "学校", "公園", "図書館"), "filler": ("ああ", "いま", "とても", "また", "まあ"),
    },
}
# fmt: on
TRAINED = {"en": "well library oh Ben sings now", "ja": "まあ 図書館 ああ 兄 歌う いま"}

TIED_ACCURACY = {  # (how many kinds ask, what is tied) -> accuracy of five seeds, as qkvlib.explorers.ties measures it
    (1, "none"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (1, "qk"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (1, "all"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (2, "none"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (2, "qk"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (2, "all"): (0.849, 0.825, 0.828, 0.904, 0.926),
    (3, "none"): (1.0, 1.0, 1.0, 1.0, 1.0),
    (3, "qk"): (0.529, 0.529, 0.528, 0.528, 0.528),
    (3, "all"): (0.48, 0.487, 0.499, 0.487, 0.497),
}

# What follows is for lesson 07: words of two senses, and words that tell which one is meant. Made by hand, too.
CLUES = ("asks", "money", "meal", "river")  # d_model = 4: whether a word has two senses, and what it is about
# fmt: off
SENSE_W_q = np.array([[3.0, 0.0],  # a word of two senses looks for a clue
                      [0.0, 1.0],  # a clue for a word that asks for one; d_k = 2
                      [0.0, 1.0],
                      [0.0, 1.0]])
SENSE_W_k = np.array([[0.0, 1.0],
                      [2.0, 0.0],
                      [2.0, 0.0],
                      [2.0, 0.0]])
SENSE_W_v = np.array([[0.0], [-1.0], [-1.0], [1.0]])  # d_v = 1: from money or a meal (−1) to a river (+1)
SENSES = {  # word of two senses -> what is meant at −1 and at +1, a key under `sense` in words/*.toml
    "bank": ("money", "river"), "銀行": ("money", "river"), "はし": ("chopsticks", "bridge"),
}
SENSE_WORDS = {
    # word: (asks, money, meal, river)
    "bank": (1, 0, 0, 0), "銀行": (1, 0, 0, 0), "はし": (1, 0, 0, 0),
    "money": (0, 1, 0, 0), "cash": (0, 1, 0, 0), "account": (0, 1, 0, 0), "loan": (0, 1, 0, 0), "coins": (0, 1, 0, 0),
    "pay": (0, 0.8, 0, 0), "save": (0, 0.7, 0, 0), "withdraw": (0, 0.8, 0, 0), "withdrew": (0, 0.8, 0, 0),
    "river": (0, 0, 0, 1), "water": (0, 0, 0, 0.9), "boat": (0, 0, 0, 0.9), "fish": (0, 0, 0, 0.8),
    "swim": (0, 0, 0, 0.9), "shore": (0, 0, 0, 1), "reeds": (0, 0, 0, 0.9), "grass": (0, 0, 0, 0.5),
    "お金": (0, 1, 0, 0), "現金": (0, 1, 0, 0), "口座": (0, 1, 0, 0), "預金": (0, 1, 0, 0), "下ろす": (0, 0.8, 0, 0),
    "払う": (0, 0.8, 0, 0), "貯める": (0, 0.7, 0, 0), "川": (0, 0, 0, 1), "土手": (0, 0, 0, 1), "水": (0, 0, 0, 0.8),
    "船": (0, 0, 0, 0.9), "渡る": (0, 0, 0, 1), "渡っ": (0, 0, 0, 1), "渡って": (0, 0, 0, 1), "かかる": (0, 0, 0, 0.7),
    "ご飯": (0, 0, 1, 0), "うどん": (0, 0, 1, 0), "食べる": (0, 0, 1, 0), "食べ": (0, 0, 1, 0), "食べた": (0, 0, 1, 0),
    "つまむ": (0, 0, 0.9, 0), "豆": (0, 0, 0.8, 0), "皿": (0, 0, 0.8, 0),
}
FILLERS = {
    "en": ("old", "big", "quiet", "famous", "grey", "nice", "well-known", "little", "busy", "new", "clean", "distant"),
    "ja": ("古い", "大きな", "静かな", "有名な", "白い", "立派な", "きれいな", "小さな",
           "懐かしい", "新しい", "明るい", "遠い"),
}
SENSE_SENTENCES = {  # of the two senses
    "en": ("I withdraw money at the bank", "I sit on the bank of the river"),
    "ja": ("はし で うどん を 食べる", "川 に かかる はし を 渡る"),
}
# fmt: on

RECALL_ACCURACY = {  # (model, distance) -> accuracy of three seeds, as qkvlib.explorers.recall measures it
    ("rnn", 2): (1.0, 1.0, 1.0),
    ("rnn", 5): (1.0, 1.0, 1.0),
    ("rnn", 10): (1.0, 0.999, 0.982),
    ("rnn", 20): (0.993, 0.341, 0.498),
    ("rnn", 40): (0.135, 0.123, 0.237),
    ("rnn", 80): (0.131, 0.344, 0.484),
    ("gru", 2): (1.0, 1.0, 1.0),
    ("gru", 5): (1.0, 1.0, 1.0),
    ("gru", 10): (0.873, 0.975, 0.879),
    ("gru", 20): (0.124, 0.124, 0.126),
    ("gru", 40): (0.128, 0.127, 0.129),
    ("gru", 80): (0.118, 0.126, 0.122),
    ("gru_open", 2): (1.0, 1.0, 1.0),
    ("gru_open", 5): (1.0, 1.0, 1.0),
    ("gru_open", 10): (1.0, 1.0, 1.0),
    ("gru_open", 20): (1.0, 0.995, 1.0),
    ("gru_open", 40): (1.0, 0.873, 1.0),
    ("gru_open", 80): (0.899, 0.999, 1.0),
    ("lstm", 2): (1.0, 1.0, 1.0),
    ("lstm", 5): (1.0, 1.0, 1.0),
    ("lstm", 10): (1.0, 0.709, 0.701),
    ("lstm", 20): (0.872, 0.261, 0.252),
    ("lstm", 40): (0.126, 0.123, 0.117),
    ("lstm", 80): (0.124, 0.122, 0.112),
    ("lstm_open", 2): (1.0, 1.0, 1.0),
    ("lstm_open", 5): (1.0, 1.0, 1.0),
    ("lstm_open", 10): (1.0, 0.885, 1.0),
    ("lstm_open", 20): (0.996, 1.0, 0.985),
    ("lstm_open", 40): (0.978, 0.698, 0.963),
    ("lstm_open", 80): (0.123, 0.169, 0.122),
    ("convolution", 2): (1.0, 1.0, 1.0),
    ("convolution", 5): (1.0, 1.0, 1.0),
    ("convolution", 10): (0.114, 0.122, 0.129),
    ("convolution", 20): (0.122, 0.117, 0.129),
    ("convolution", 40): (0.12, 0.116, 0.118),
    ("convolution", 80): (0.113, 0.117, 0.122),
    ("attention", 2): (1.0, 1.0, 1.0),
    ("attention", 5): (1.0, 1.0, 1.0),
    ("attention", 10): (1.0, 1.0, 1.0),
    ("attention", 20): (1.0, 1.0, 1.0),
    ("attention", 40): (1.0, 1.0, 1.0),
    ("attention", 80): (1.0, 1.0, 1.0),
}
