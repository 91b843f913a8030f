"""The sentence, the words and the matrices of lessons 02 to 09, made by hand for teaching; nothing is learned.

A word's vector says how much of four features it has; W_q and W_k turn it into a query and a key over three.
d_model = 4 and d_k = 3 differ, so that the two cannot be mixed up. W_v turns it into a value in the plane, d_v = 2.
"""

import numpy as np

from ..arguments import fixed, read_only

SENTENCES = fixed({"en": "I go to school", "ja": "私は 学校 へ 行く"})

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

# from two heads' values, side by side, to how much of a person and how much of a place came home
W_o = np.array([[-1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
read_only(W_q, W_k, W_v, W_o)

KNOWN = fixed({
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
})

SPELLINGS = fixed({  # how else a hand-made word, here or in explorers/context.py, is written -> how it stands there
    "わたし": "私", "わたしは": "私は", "貴方": "あなた", "かれ": "彼", "かれは": "彼は", "かのじょ": "彼女",
    "かのじょは": "彼女は", "ねこ": "猫", "ネコ": "猫", "いぬ": "犬", "イヌ": "犬", "せんせい": "先生",
    "がくせい": "学生", "友達": "友だち", "ともだち": "友だち", "あるく": "歩く", "たべる": "食べる", "すわる": "座る",
    "がっこう": "学校", "こうえん": "公園", "えき": "駅", "としょかん": "図書館", "まち": "町", "街": "町",
    "ぎんこう": "銀行", "おかね": "お金", "おろす": "下ろす", "はらう": "払う", "かわ": "川", "河": "川", "みず": "水",
    "ふね": "船", "舟": "船", "わたる": "渡る", "ごはん": "ご飯", "御飯": "ご飯", "まめ": "豆", "お皿": "皿",
})
# fmt: on
