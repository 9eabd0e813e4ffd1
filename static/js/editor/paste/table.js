export default {
  "about": "What notes look like: read by the editor's paste, and as JSON by releases/text/labels.py. One table, so that paste, saved pages and Word files agree.",

  "zeros": "0٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐０",
  "superscripts": "⁰¹²³⁴⁵⁶⁷⁸⁹",
  "circled": [
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴",
    "➊➋➌➍➎➏➐➑➒➓",
    "➀➁➂➃➄➅➆➇➈➉",
    "⓵⓶⓷⓸⓹⓺⓻⓼⓽⓾"
  ],
  "chinese": "一二三四五六七八九十",
  "symbols": "*∗＊⁎⋆†‡§¶‖※",
  "open": "[(（［〔【〖",
  "close": "])）］〕】〗",
  "words": [
    "footnote", "foot note", "endnote", "note", "notes", "fn", "n", "nb", "ref", "sidenote",
    "fussnote", "fußnote", "anm", "nota", "сноска", "прим",
    "注", "註", "注释", "注釋", "註釋", "脚注", "腳註", "腳注", "尾注", "尾註", "譯註", "译注",
    "حاشية", "هامش", "پانوشت", "پاورقی", "ئىزاھات", "ئىزاھ", "མཆན", "མཆན་", "མཆན།"
  ],

  "arrows": "^ˆ⌃↑⇑⇧⬆↩↪↵⏎⤴⤶⮐⮌⮍▲△🔙☝↖⇖",
  "ways": [
    "back", "return", "return to text", "return to the text", "return to main text", "return to reference", "return to citation",
    "return to article", "return to footnote", "return to note", "return to content",
    "back to text", "back to the text", "back to main text", "back to article", "back to the article", "back to post", "back to content",
    "back to reference", "back to citation", "back to note", "back to footnote", "back to footnote reference", "back to body",
    "jump up", "jump up to", "jump back", "jump back to text", "jump to text", "go back", "go back to text", "go back to the text",
    "go to where this is referenced", "up",
    "retour", "retour au texte", "retour à la note", "revenir au texte", "zurück", "zurück zum text", "nach oben zum text",
    "volver", "volver al texto", "regresar", "regresar al texto", "voltar", "voltar ao texto", "torna", "torna al testo",
    "назад", "назад к тексту", "вернуться", "вернуться к тексту", "обратно", "обратно к тексту",
    "返回", "返回正文", "返回原文", "返回文中", "返回上文", "返回文章", "回到正文", "回到原文", "回到文中", "回正文", "回原文", "跳回", "跳回正文", "跳转至", "跳轉至",
    "本文に戻る", "本文へ戻る", "本文へ", "戻る", "본문으로", "본문으로 돌아가기", "돌아가기",
    "رجوع", "العودة", "العودة إلى النص", "عودة إلى النص", "الرجوع إلى النص", "بازگشت", "بازگشت به متن",
    "قايتىش", "تېكىستكە قايتىش", "ئەسلى تېكىستكە قايتىش", "مەتىنگە قايتىش",
    "ཕྱིར་ལོག", "ཕྱིར་ལོག་པ", "མ་ཡིག་ལ་ལོག", "མ་ཡིག་ལ་ཕྱིར་ལོག", "ནང་དོན་ལ་ལོག", "ཡི་གེར་ལོག"
  ],
  "not_ways": [
    "top", "back to top", "back to the top", "return to top", "go to top", "to top", "top of page", "back to contents", "contents",
    "table of contents", "back to table of contents", "back to menu", "back to index",
    "haut de page", "retour en haut", "nach oben", "zum inhalt", "volver arriba", "наверх", "к началу",
    "返回顶部", "返回頂部", "回到顶部", "回到頂部", "回顶部", "页首", "頁首", "返回目录", "返回目錄", "目录", "目錄", "トップへ", "ページの先頭へ",
    "العودة إلى الأعلى", "إلى الأعلى", "بازگشت به بالا", "ئۈستىگە قايتىش", "مۇندەرىجىگە قايتىش", "སྟེང་ལ་ལོག", "དཀར་ཆག་ལ་ལོག"
  ],

  "headings": [
    "note", "notes", "footnote", "footnotes", "foot notes", "foot-notes", "endnote", "endnotes", "end notes", "end-notes", "reference", "references",
    "source", "sources", "citations", "works cited", "notes and references", "references and notes", "notes and sources", "sources and notes", "sidenotes",
    "notes et références", "références", "fußnoten", "anmerkungen", "quellen", "einzelnachweise", "notas", "notas al pie", "referencias", "fuentes",
    "примечания", "сноски", "источники", "ссылки",
    "注", "註", "注释", "注釋", "註釋", "註解", "注解", "脚注", "腳註", "腳注", "尾注", "尾註", "附注", "附註", "备注", "備註", "参考文献", "參考文獻", "參考資料", "参考资料",
    "资料来源", "資料來源", "来源", "來源", "出处", "出處", "文献", "文獻",
    "الحواشي", "حواشي", "الهوامش", "هوامش", "المراجع", "مراجع", "المصادر", "مصادر", "پانوشت", "پانوشتها", "پانویس", "منابع", "یادداشتها",
    "ئىزاھات", "ئىزاھاتلار", "ئىزاھ", "ئىزاھلار", "مەنبە", "مەنبەلەر", "مەنبەلىرى", "پايدىلانمىلار",
    "མཆན", "མཆན་", "མཆན་འགྲེལ", "མཆན་འགྲེལ་", "ཟུར་མཆན", "ཟུར་མཆན་", "དཔྱད་གཞི", "དཔྱད་གཞི་", "ཁུངས", "ཁུངས་", "ལུང་ཁུངས"
  ],
  "points_elsewhere": [
    "section", "sections", "sec", "chapter", "chapters", "part", "parts", "page", "pages", "p", "pp", "para", "paras", "paragraph", "paragraphs",
    "article", "articles", "art", "clause", "item", "items", "step", "steps", "table", "figure", "fig", "box", "annex", "appendix", "question",
    "point", "points", "rule", "no", "number", "line", "verse", "see", "volume", "vol", "day", "version", "q",
    "第", "见", "見", "图", "圖", "表", "页", "頁", "章", "节", "節", "条", "條", "الفقرة", "المادة", "الصفحة", "القسم", "ماددا", "بەت", "باب", "ལེའུ", "ཤོག"
  ],

  "names": {
    "mark_classes": [
      "fn", "fnref", "footnote-ref", "footnote-reference", "footnoteref", "footnote_ref", "footnote-anchor", "footnote-link", "footnote-mark",
      "footnotereference", "noteref", "note-ref", "endnote-ref", "endnote-reference", "endnotereference", "sdfootnoteanc", "sdendnoteanc",
      "sdfootnotesym-west", "msofootnotereference", "msoendnotereference", "easy-footnote", "simple-footnote", "sidenote-number", "mw-ref",
      "cite-ref", "cite_ref", "citation-ref"
    ],
    "text_classes": [
      "footnote", "endnote", "footnote-item", "footnote-text", "footnotetext", "endnotetext", "msofootnotetext", "msoendnotetext", "sdfootnote",
      "sdendnote", "footnotes", "endnotes", "footnote-list", "footnotes-list", "footnotes-sep", "references", "reflist", "mw-references-wrap",
      "wp-block-footnotes", "footnotedef", "footnote-body", "doc-endnotes", "oj-note"
    ],
    "roles": ["doc-noteref", "doc-endnotes", "doc-endnote", "doc-footnote", "doc-footnotes", "doc-backlink"],
    "epub": ["noteref", "footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes", "backlink"],
    "sure_ids": "^(?:_?_?ftn(?:ref|t_?ref)?\\d+|_?edn(?:ref)?\\d+|ftnt_?(?:ref)?\\d+|fn(?:ref)?[:-].+|fnref\\d.*|sdfootnote\\d+(?:sym|anc)|sdendnote\\d+(?:sym|anc)|cite_(?:note|ref)-.+|user-content-fn(?:ref)?-.+|_?footnote(?:ref|def|-ref|-anchor)?[-_:]?\\d.*|_?endnote(?:ref|-ref)?[-_:]?\\d.*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-link)?|easy-footnote.*)$",
    "likely_ids": "^(?:fn|en|n|r|nt|ntc|ntr|note|noten|notes|ref|rf|b|bk|back|cite|cit|c|f|fr|a|m|mark)[-_:.]?(?:ref|back|text|rtn)?[-_:.]?\\w{0,3}[a-z]?\\d+[a-z]?$",
    "side_classes": ["sidenote", "marginnote", "side-note", "margin-note", "sidenote-content", "marginal-note", "tooltiptext", "tooltip-text", "tooltip-content", "footnote-tooltip"],
    "side_number_classes": ["sidenote-number", "margin-toggle"],
    "raised_classes": ["sup", "super", "superscript", "superscripted", "footnotemark", "footnote-mark", "exposant", "hochgestellt"],
    "page_classes": ["pagenum", "pagenumber", "page-number", "pageno", "page-break", "pagebreak", "newpage"]
  },

  "left_out": {
    "media": ["iframe", "object", "embed", "applet", "video", "audio", "canvas", "svg", "math", "map", "frame", "frameset"],
    "control": ["button", "input", "select", "textarea", "datalist", "progress", "meter", "output", "dialog", "menu"],
    "navigation": ["nav"],
    "reading": ["rt", "rp", "rtc"],
    "nothing": ["style", "script", "noscript", "template", "meta", "link", "title", "base", "xml", "noembed", "noframes", "param", "source", "track", "area", "bgsound", "basefont"]
  },

  "quotes": {
    "": "“”‘’", "en": "“”‘’", "zh": "“”‘’", "zh-hant": "「」『』", "zh-tw": "「」『』", "zh-hk": "「」『』", "ja": "「」『』", "ko": "“”‘’",
    "de": "„“‚‘", "cs": "„“‚‘", "sk": "„“‚‘", "da": "»«›‹", "pl": "„”«»", "hu": "„”»«", "fr": "«\u00a0\u00a0»“”", "it": "«»“”", "es": "«»“”", "pt": "«»“”",
    "ru": "«»„“", "uk": "«»„“", "el": "«»“”", "ar": "«»“”", "fa": "«»‹›", "ug": "«»‹›", "ku": "«»‹›", "kk": "«»“”", "tr": "“”‘’", "bo": "“”‘’",
    "nl": "“”‘’", "sv": "””’’", "fi": "””’’", "no": "«»‘’", "nb": "«»‘’"
  }
};
