export default {
  "about": "Words that tell how plain text is read: by the editor's paste, and as JSON by releases/text/glued.py, so that both agree on which number is glued to a word.",

  "months": [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    "januar", "jänner", "februar", "märz", "juni", "juli", "oktober", "dezember",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre",
    "janeiro", "fevereiro", "março", "maio", "junho", "julho", "setembro", "outubro", "novembro", "dezembro",
    "januari", "februari", "maart", "mei", "augustus", "augusti",
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
    "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık",
    "يناير", "فبراير", "مارس", "أبريل", "إبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    "يانۋار", "فېۋرال", "مارت", "ئاپرېل", "ماي", "ئىيۇن", "ئىيۇل", "ئاۋغۇست", "سېنتەبىر", "ئۆكتەبىر", "نويابىر", "دېكابىر"
  ],

  "closing": ".,;:!?…)]}»”’\"'」』】》〉）〕。，、；：！？།༎༏་؟،؛۔",

  "hyphened_first": [
    "self", "non", "ex", "well", "ill", "long", "short", "high", "low", "mid", "half", "full", "part", "cross", "vice", "anti", "pro", "all", "ever", "much",
    "first", "second", "third", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty", "thirty", "forty",
    "fifty", "sixty", "seventy", "eighty", "ninety", "year", "month", "week", "day", "state", "government", "community", "decision", "fact", "so"
  ],
  "hyphened_second": [
    "term", "based", "led", "backed", "related", "known", "called", "owned", "funded", "run", "making", "finding", "building", "old", "level", "scale",
    "year", "month", "week", "day", "wide-ranging", "style", "type", "time", "ranking", "standing", "appointed", "elected", "sponsored", "controlled"
  ],
  "hanging": ["and", "or", "to", "und", "oder", "bzw", "sowie", "et", "ou", "y", "o", "e", "of", "en", "och", "og", "и", "или"]
};
