// @ts-self-types="./tables.d.ts"
// The tables that these scripts share with the server: releases/text/tables/ holds them, the page hands them over as JSON.
const block = document.getElementById("editor-tables");
if (!block) throw new Error("The page has no #editor-tables: the widget of the body brings it.");

export const { evidence, headings, labels, links, notes, plain, symbols } = JSON.parse(block.textContent);
