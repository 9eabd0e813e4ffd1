"""Letters that no decomposition of Unicode leads back to plain ones, and what people type for them."""

# Folding (search) and slugs use the same table: Ørsted and Łódź are found as, and stand in addresses as, orsted and lodz.
# Folded letters only: capitals have been lowered before (casefold makes ß "ss" by itself).
PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ɖ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n",
    "ŧ": "t", "ə": "e", "ɵ": "o", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɠ": "g", "ɣ": "g", "ƙ": "k", "ƴ": "y", "ƶ": "z",
    "ĸ": "k", "ƒ": "f", "ɨ": "i", "ʉ": "u", "ƀ": "b", "ǥ": "g", "ⱥ": "a", "ȼ": "c", "ɇ": "e", "ɉ": "j", "ɍ": "r", "ɏ": "y",
    "ʻ": "", "ʼ": "", "ʹ": "", "ʺ": "",
}  # fmt: skip
