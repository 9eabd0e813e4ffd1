"""Plain texts of every kind, and what each is read as: paragraphs a line each, "/" where a line ends inside one, "• " before
an item, {1} for a citation; then the notes."""

# Set at a width as mail and PDF programs do.
WRAPPED = """The council met in the old hall by the river and heard
the report on the three dams that were raised in spring.
Nobody who lives below them had been asked, it says, and
the minutes of May were never published.

It closed the meeting in the evening."""

LINES = {
    "wrapped": (
        WRAPPED,
        "The council met in the old hall by the river and heard the report on the three dams that were raised in spring. "
        "Nobody who lives below them had been asked, it says, and the minutes of May were never published.\n"
        "It closed the meeting in the evening.",
    ),
    "wrapped, Windows line ends": (
        WRAPPED.replace("\n", "\r\n"),
        "The council met in the old hall by the river and heard the report on the three dams that were raised in spring. "
        "Nobody who lives below them had been asked, it says, and the minutes of May were never published.\n"
        "It closed the meeting in the evening.",
    ),
    "wrapped, paragraphs without a line between": (
        "The council met in the old hall by the river and heard\nthe report on the three dams that were raised.\n"
        "It closed early.\nThe members went home in the rain and nobody at all had\nasked them what they thought of it.",
        "The council met in the old hall by the river and heard the report on the three dams that were raised.\n"
        "It closed early.\nThe members went home in the rain and nobody at all had asked them what they thought of it.",
    ),
    "a hyphen in a word": (
        "The dams were raised before anybody of the autho-\nrities had asked those who live in the valley be-\nlow them.",
        "The dams were raised before anybody of the authorities had asked those who live in the valley below them.",
    ),
    "a hyphen of the word": (
        "The council has for years promised to find a long-\nterm answer for the valley, which is really a well-\nknown "
        "promise of the railway, of the Shanghai-\nBeijing line, of dams that are all state-of-\nthe-art and that were for years UN-\nled.",
        "The council has for years promised to find a long-term answer for the valley, which is really a well-known "
        "promise of the railway, of the Shanghai-Beijing line, of dams that are all state-of-the-art and that were for years UN-led.",
    ),
    "a hyphen that the text has elsewhere": (
        "The river-side villages were not asked by anybody of\nthe council, nor was the cooperation of the river-\nside farmers "
        "ever sought by the co-\noperation of the towns.",
        "The river-side villages were not asked by anybody of the council, nor was the cooperation of the river-side farmers "
        "ever sought by the cooperation of the towns.",
    ),
    "a hyphen that hangs": (
        "Der Rat hat die Vor- und Nachteile dieser Dämme nicht be-\nsprochen, und auch nicht die der Ober-\nund Unterläufe des "
        "Flusses im Tal.",
        "Der Rat hat die Vor- und Nachteile dieser Dämme nicht besprochen, und auch nicht die der Ober- und Unterläufe des "
        "Flusses im Tal.",
    ),
    "a hyphen between two vowels": (
        "The members of the council who raised the dams were re-\nelected in spring, and nobody who lives there was co-\nopted.",
        "The members of the council who raised the dams were re-elected in spring, and nobody who lives there was co-opted.",
    ),
    "the quotation of a mail": (
        "> The council met in the old hall by the river and heard\n> the report on the three dams that were raised in spring.\n\nNo.",
        "> The council met in the old hall by the river and heard\n> the report on the three dams that were raised in spring.\nNo.",
    ),
    "columns": (
        "the dam in the north of the valley\t2010\nthe dam in the south of the valley\t2011\n\nAll.",
        "the dam in the north of the valley\t2010\nthe dam in the south of the valley\t2011\nAll.",
    ),
    "wrapped, a capital at the head of each line": (
        "Als der Rat im Tal tagte, war von allen drei Dämmen keine Rede, und\nFragen stellte niemand, obwohl doch die Bauern und die Fischer am\n"
        "Fluss im Saal saßen; der Bericht kam im Frühling, lange nach dem\nBau, und ohne die Zahlen, die der Rat im Winter versprochen hatte\nJahr um Jahr.",
        "Als der Rat im Tal tagte, war von allen drei Dämmen keine Rede, und Fragen stellte niemand, obwohl doch die Bauern und die Fischer am "
        "Fluss im Saal saßen; der Bericht kam im Frühling, lange nach dem Bau, und ohne die Zahlen, die der Rat im Winter versprochen hatte Jahr um Jahr.",
    ),
    "a soft hyphen": (
        "The dams were raised before anybody of the autho\u00ad\nrities had asked those who live in the valley.",
        "The dams were raised before anybody of the authorities had asked those who live in the valley.",
    ),
    "an address that was broken": (
        "The report on the dams and their cost is kept at https://en.example/papers/\ndams-2010.pdf for everybody who would like to read it.",
        "The report on the dams and their cost is kept at https://en.example/papers/dams-2010.pdf for everybody who would like to read it.",
    ),
    "Chinese": (
        "理事会昨天在河边的旧厅里开会，听取了关于春天建成的三座\n水坝的报告。报告说，住在下游的人没有被问过，五月的会议\n记录也从未公布。\n\n会议在晚上结束。",
        "理事会昨天在河边的旧厅里开会，听取了关于春天建成的三座水坝的报告。报告说，住在下游的人没有被问过，五月的会议记录也从未公布。\n会议在晚上结束。",
    ),
    "Chinese with Latin words": (
        "理事会昨天在河边的旧厅里开会，听取了关于春天建成的三座\nUN 水坝的报告。报告说，住在 ABC 下游的人没有被问过，五月的 XY\n会议记录也从未公布。",
        "理事会昨天在河边的旧厅里开会，听取了关于春天建成的三座 UN 水坝的报告。报告说，住在 ABC 下游的人没有被问过，五月的 XY 会议记录也从未公布。",
    ),
    "Chinese, paragraphs set in": (
        "　　理事会昨天在河边的旧厅里开会，听取了关于春天建成的三\n座水坝的报告。报告说，住在下游的人没有被问过。会议记录也\n"
        "　　会议在晚上结束，理事们回家了，没有人问过他们的意见和\n想法。",
        "理事会昨天在河边的旧厅里开会，听取了关于春天建成的三座水坝的报告。报告说，住在下游的人没有被问过。会议记录也\n"
        "会议在晚上结束，理事们回家了，没有人问过他们的意见和想法。",
    ),
    "Tibetan": (
        "ལྷན་ཚོགས་ཀྱིས་ཁ་སང་གཙང་པོའི་འགྲམ་གྱི་ཚོགས་ཁང་རྙིང་པར་\nཚོགས་འདུ་བསྐོང་ནས་ཆུ་རགས་གསུམ་གྱི་སྙན་ཞུ་གསན་པ་རེད།\n"
        "དེའི་འོག་ཏུ་སྡོད་མཁན་ཚོར་སུས་ཀྱང་སྐད་ཆ་དྲིས་མེད་པ་རེད་",
        "ལྷན་ཚོགས་ཀྱིས་ཁ་སང་གཙང་པོའི་འགྲམ་གྱི་ཚོགས་ཁང་རྙིང་པར་ཚོགས་འདུ་བསྐོང་ནས་ཆུ་རགས་གསུམ་གྱི་སྙན་ཞུ་གསན་པ་རེད། "
        "དེའི་འོག་ཏུ་སྡོད་མཁན་ཚོར་སུས་ཀྱང་སྐད་ཆ་དྲིས་མེད་པ་རེད་",
    ),
    "Arabic": (
        "اجتمع المجلس أمس في القاعة القديمة على ضفة النهر واستمع\nإلى التقرير عن السدود الثلاثة التي بنيت في الربيع ولم\nيسأل أحد.",
        "اجتمع المجلس أمس في القاعة القديمة على ضفة النهر واستمع إلى التقرير عن السدود الثلاثة التي بنيت في الربيع ولم يسأل أحد.",
    ),
    "Uyghur, hyphened": (
        "كېڭەش تۈنۈگۈن دەريا بويىدىكى كونا زالدا يىغىن ئاچتى ۋە ئۈچ توس-\nمىنىڭ دوكلاتىنى ئاڭلىدى، تۆۋەندە ئولتۇرىدىغانلاردىن ھېچكىم\nسورىمىغان.",
        "كېڭەش تۈنۈگۈن دەريا بويىدىكى كونا زالدا يىغىن ئاچتى ۋە ئۈچ توسمىنىڭ دوكلاتىنى ئاڭلىدى، تۆۋەندە ئولتۇرىدىغانلاردىن ھېچكىم سورىمىغان.",
    ),
    "verse": (
        "The river runs below the hall,\nThe rain has come, the dams are tall,\nAnd nobody was asked at all,\nThe river runs below the hall.\n\nAnon.",
        "The river runs below the hall, / The rain has come, the dams are tall, / And nobody was asked at all, / "
        "The river runs below the hall.\nAnon.",
    ),
    "Chinese verse": ("河水流过旧厅前，\n春雨来时坝已坚。\n无人问我下游事，\n河水流过旧厅前。", "河水流过旧厅前，\n春雨来时坝已坚。\n无人问我下游事，\n河水流过旧厅前。"),
    "Chinese couplets, all of one length": (
        "河水缓缓流过旧厅门前，春雨落下之时大坝已坚。\n从来无人问我下游之事，河水依旧流过旧厅门前。\n\n佚名。",
        "河水缓缓流过旧厅门前，春雨落下之时大坝已坚。 / 从来无人问我下游之事，河水依旧流过旧厅门前。\n佚名。",
    ),
    "an address": (
        "Write to us:\n\nThe Council of the Three Valleys\n12 Old Hall Street, Second Floor\nSpringfield 20114\n\nThank you.",
        "Write to us:\nThe Council of the Three Valleys / 12 Old Hall Street, Second Floor / Springfield 20114\nThank you.",
    ),
    "a paragraph a line": (
        "The council met in the old hall by the river and heard the report on the three dams that were raised in spring and cost a lot.\n"
        "Nobody was asked.\nIt closed the meeting.",
        "The council met in the old hall by the river and heard the report on the three dams that were raised in spring and cost a lot.\n"
        "Nobody was asked.\nIt closed the meeting.",
    ),
    "titles": ("On the Eve of the Tenth Anniversary\nThe Council Must Account for Dams\nSpringfield", "On the Eve of the Tenth Anniversary\nThe Council Must Account for Dams\nSpringfield"),
    "bullets": ("Points:\n\n- one\n- two\n\n• three\n* four\n* five", "Points:\n• one\n• two\n• three\n• four\n• five"),
    "bullets in bullets": ("• one\n  • inner\n  • inner two\n• two", "• one\n•• inner\n•• inner two\n• two"),
    "wrapped bullets": (
        "The specific practices that the council must end at once:\n\n"
        "  • An overbroad framework for the raising of dams, in\n    which nobody is asked.\n  • Meetings without minutes.\n\nIt must do so now.",
        "The specific practices that the council must end at once:\n• An overbroad framework for the raising of dams, in which nobody is asked.\n"
        "• Meetings without minutes.\nIt must do so now.",
    ),
    "a dash alone": ("Nobody was asked.\n\n- The editor", "Nobody was asked.\n- The editor"),
    "a dialogue": ("– Were you asked?\n– No.", "– Were you asked?\n– No."),
    "markup is words": ("a <b> & \"c\"\n\n<script>x</script>", 'a <b> & "c"\n<script>x</script>'),
}  # fmt: skip

# name -> (text, what it is read as, notes)
NOTES = {
    "glued, with carets": (
        "It fights “extremism.”1 In Asia,2 in early May3; on May 304; on June 9.5 Such acts.\n\n"
        "1. First. ^\n\n2. Second. ^\n\n3. Third. ^\n\n4. Fourth. ^\n\n5. Fifth. ^\n\nMore about it",
        "It fights “extremism.”{1} In Asia,{2} in early May{3}; on May 30{4}; on June 9.{5} Such acts.\nMore about it",
        ["First.", "Second.", "Third.", "Fourth.", "Fifth."],
    ),
    "glued, under a heading, lines in a row": (
        "Dams were raised1 in spring.2\n\nNotes\n1. Report on dams.\n2. Letter of May.",
        "Dams were raised{1} in spring.{2}",
        ["Report on dams.", "Letter of May."],
    ),
    "glued, bare list": ("Dams were raised1 in spring.2\n\n1 Report on dams.\n2 Letter of May.", "Dams were raised{1} in spring.{2}", ["Report on dams.", "Letter of May."]),
    "glued to years": ("In 2011,1 on May 30, 20112 and in (2010)3 they met.\n\n1. One.\n2. Two.\n3. Three.", "In 2011,{1} on May 30, 2011{2} and in (2010){3} they met.", ["One.", "Two.", "Three."]),
    "glued to a name that stands elsewhere": ("The SCO met.1 The SCO2 said so at the G20 in Springfield.3\n\n1. One.\n2. Two.\n3. Three.", "The SCO met.{1} The SCO{2} said so at the G20 in Springfield.{3}", ["One.", "Two.", "Three."]),
    "cited again": ("Raised1 in spring2 and again in autumn1 there.\n\n1. One. ^\n2. Two. ^", "Raised{1} in spring{2} and again in autumn{1} there.", ["One.", "Two."]),
    "one note with its way back": ("Dams were raised.1\n\n1. Report on dams. ↩", "Dams were raised.{1}", ["Report on dams."]),
    "wrapped notes": (
        WRAPPED.replace("spring.", "spring.1").replace("published.", "published.2")
        + "\n\n1. Report on the dams, which the council has never shown\nto anybody. ^\n2. Letter of May.\n",
        "The council met in the old hall by the river and heard the report on the three dams that were raised in spring.{1} "
        "Nobody who lives below them had been asked, it says, and the minutes of May were never published.{2}\n"
        "It closed the meeting in the evening.",
        ["Report on the dams, which the council has never shown to anybody.", "Letter of May."],
    ),
    "brackets": ("Raised [1] in spring[2], again [1].\n\n[1] One.\n[2] Two.", "Raised{1} in spring{2}, again{1}.", ["One.", "Two."]),
    "brackets, numbered list": ("Raised[1] in spring.[2]\n\nReferences\n\n1. One.\n2. Two.", "Raised{1} in spring.{2}", ["One.", "Two."]),
    "Wikipedia": ('Raised[1] in spring.[2]\n\nReferences\n^ "One". Gazette.\n^ a b Smith 2001.', "Raised{1} in spring.{2}", ['"One". Gazette.', "Smith 2001."]),
    "raised": ("Raised¹ in spring² on 40 m² of land.³\n\n¹ One.\n² Two.\n³ Three.", "Raised{1} in spring{2} on 40 m² of land.{3}", ["One.", "Two.", "Three."]),
    "Markdown": (
        "Raised[^1] in spring.[^b] And[^c]\n\n[^1]: One.\n[^b]: Two.\n\n    More of two.\n\nAfter.",
        "Raised{1} in spring.{2} And[^c]\nAfter.",
        ["One.", "Two. / More of two."],
    ),
    "Markdown in any order": ("Raised[^z] and[^a] and[^z].\n\n[^a]: A.\n[^z]: Z.", "Raised{1} and{2} and{1}.", ["Z.", "A."]),
    "Chinese, glued": ("春天建成了三座水坝1，没有人被问过。2\n\n注释\n1. 报告。\n2. 来信。", "春天建成了三座水坝{1}，没有人被问过。{2}", ["报告。", "来信。"]),
    "Chinese, circled": ("春天建成了三座水坝①，没有人被问过②。\n\n①报告。\n②来信。", "春天建成了三座水坝{1}，没有人被问过{2}。", ["报告。", "来信。"]),
    "Chinese, brackets": ("春天建成了三座水坝［1］，没有人被问过［2］。\n\n［1］报告。\n［2］来信。", "春天建成了三座水坝{1}，没有人被问过{2}。", ["报告。", "来信。"]),
    "Tibetan, glued": ("ཆུ་རགས་གསུམ་བརྒྱབ་པ་རེད།1 སུས་ཀྱང་དྲིས་མེད།2\n\n1. སྙན་ཞུ།\n2. ཡི་གེ", "ཆུ་རགས་གསུམ་བརྒྱབ་པ་རེད།{1} སུས་ཀྱང་དྲིས་མེད།{2}", ["སྙན་ཞུ།", "ཡི་གེ"]),
    "Tibetan figures": ("ཆུ་རགས་གསུམ་བརྒྱབ་པ་རེད།༡ སུས་ཀྱང་དྲིས་མེད།༢\n\n༡. སྙན་ཞུ།\n༢. ཡི་གེ", "ཆུ་རགས་གསུམ་བརྒྱབ་པ་རེད།{1} སུས་ཀྱང་དྲིས་མེད།{2}", ["སྙན་ཞུ།", "ཡི་གེ"]),
    "Arabic figures": ("بنيت السدود١ في الربيع،٢ في مايو ٣٠٣.\n\n١. تقرير.\n٢. رسالة.\n٣. كتاب.", "بنيت السدود{1} في الربيع،{2} في مايو ٣٠{3}.", ["تقرير.", "رسالة.", "كتاب."]),
    "Persian figures": ("سدها ساخته شد[۱] در بهار[۲].\n\n[۱] گزارش.\n[۲] نامه.", "سدها ساخته شد{1} در بهار{2}.", ["گزارش.", "نامه."]),
    "round brackets": ("Raised(1) in spring.(2)\n\n(1) One.\n(2) Two.", "Raised{1} in spring.{2}", ["One.", "Two."]),
    "dashes behind the numbers": ("بنيت السدود١ في الربيع.٢\n\n١- تقرير.\n٢- رسالة.", "بنيت السدود{1} في الربيع.{2}", ["تقرير.", "رسالة."]),
    "Tibetan brackets": ("ཆུ་རགས་བརྒྱབ་པ་རེད།༡ དྲིས་མེད།༢\n\n༡༽ སྙན་ཞུ།\n༢༽ ཡི་གེ", "ཆུ་རགས་བརྒྱབ་པ་རེད།{1} དྲིས་མེད།{2}", ["སྙན་ཞུ།", "ཡི་གེ"]),
    "a note of two paragraphs": ("Raised1 in spring.2\n\nNotes\n\n1. One.\n\nMore of one.\n\n2. Two.", "Raised{1} in spring.{2}", ["One. / More of one.", "Two."]),
    # In doubt the text stays.
    "no list": ("On May 304 they met in Asia,2 in 2011.6 Such.", "On May 304 they met in Asia,2 in 2011.6 Such.", []),
    "a list of points": ("See Article 19, the G20 and 1,200 people on June 9. They met.\n\n1. One.\n2. Two.", "See Article 19, the G20 and 1,200 people on June 9. They met.\n1. One.\n2. Two.", []),
    "a number is missing": ("Raised1 in spring.3\n\n1. One.\n2. Two.\n3. Three.", "Raised1 in spring.3\n1. One.\n2. Two.\n3. Three.", []),
    "another order": ("Raised2 in spring.1\n\n1. One.\n2. Two.", "Raised2 in spring.1\n1. One.\n2. Two.", []),
    "articles and amounts": ("Article1 of 5.2 million, No.2 and p.2, $9.2 Too.\n\n1. One.\n2. Two.", "Article1 of 5.2 million, No.2 and p.2, $9.2 Too.\n1. One.\n2. Two.", []),
    "one point": ("Step1 is done.\n\n1. One.", "Step1 is done.\n1. One.", []),
    "addresses": ("See https://en.example/a1 and https://en.example/b.2\n\n1. One.\n2. Two.", "See https://en.example/a1 and https://en.example/b.2\n1. One.\n2. Two.", []),
    "points in round brackets": ("Both (1) the dams and (2) the river.\n\n(1) One.\n(2) Two.", "Both (1) the dams and (2) the river.\n(1) One.\n(2) Two.", []),
    "chemistry": ("CO2 and H2O and CH4 in km2.\n\n1. One.\n2. Two.", "CO2 and H2O and CH4 in km2.\n1. One.\n2. Two.", []),
    "brackets beyond the list": ("Raised[1] in spring[2] and[7].\n\n[1] One.\n[2] Two.", "Raised[1] in spring[2] and[7].\n[1] One.\n[2] Two.", []),
    "a definition that nothing cites": ("Raised.\n\n[^1]: One.", "Raised.\n[^1]: One.", []),
    "empty notes": ("Raised1 in spring.2\n\n1. ^\n2. ^", "Raised1 in spring.2\n1. ^\n2. ^", []),
}  # fmt: skip
