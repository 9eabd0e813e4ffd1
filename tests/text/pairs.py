"""Random bodies with notes, and random edits of them."""

import random
import re

WORDS = [
    "on",
    "May",
    "30",
    "the",
    "court",
    "heard",
    "nine",
    "witnesses;",
    "他说",
    "གསར",
    "ئۇ",
    "it",
    "adjourned,",
    "again:",
    "“twice”",
    "&",
    "<never>",
    "304",
    "9.5",
]


def random_words(chance: random.Random) -> str:
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    form = chance.choice(["", "", "strong", "em"])
    return f"<{form}>{words}</{form}>" if form else words


def random_body(chance: random.Random) -> str:
    keys = [f"{chance.choice('abcdefgh')}{number:04d}" for number in range(chance.randint(0, 6))]
    blocks = []
    for _ in range(chance.randint(1, 8)):
        words = random_words(chance)
        for key in chance.sample(keys, min(len(keys), chance.randint(0, 2))):
            words += f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">1</a></sup> {random_words(chance)}'
        blocks.append(
            chance.choice(["<p>{}</p>", "<h2>{}</h2>", "<ul><li><p>{}</p></li></ul>"]).format(words)
        )
    notes = "".join(f'<li id="fn-{key}"><p>{random_words(chance)}</p></li>' for key in keys)
    return "".join(blocks) + (f'<ol class="footnotes">{notes}</ol>' if notes else "")


def random_edit(chance: random.Random, body: str) -> str:
    """Words changed, added and taken away, paragraphs moved and dropped; notes among them."""
    for _ in range(chance.randint(1, 6)):
        spots = [match.start() for match in re.finditer(r"(?<=[>\w]) ", body)]
        kind = chance.randint(0, 3)
        if kind == 0 and spots:
            at = chance.choice(spots)
            body = f"{body[:at]} {chance.choice(WORDS[:8])}{body[at:]}"
        elif kind == 1:
            body = body.replace(chance.choice(WORDS[:8]), chance.choice(WORDS[:8]), 1)
        elif kind == 2:
            blocks = re.findall(r"<(?:p|h2)>.*?</(?:p|h2)>", body.split("<ol", 1)[0])
            if blocks:
                body = body.replace(chance.choice(blocks), "", 1)
        else:
            body = f"<p>{random_words(chance)}</p>{body}"
    return body
