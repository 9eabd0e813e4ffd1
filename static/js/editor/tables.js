// The tables that these scripts share with the server: releases/text/tables/ holds them, the page hands them over as JSON.
const block = document.getElementById("editor-tables");

export const { evidence, headings, labels, links, notes, plain, symbols } = JSON.parse(block.textContent);
