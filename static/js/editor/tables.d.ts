// The types of the tables are the tables themselves: releases/text/tables/ holds them.
import evidenceTable from "../../../releases/text/tables/evidence.json" with { type: "json" };
import headingsTable from "../../../releases/text/tables/headings.json" with { type: "json" };
import labelsTable from "../../../releases/text/tables/labels.json" with { type: "json" };
import linksTable from "../../../releases/text/tables/links.json" with { type: "json" };
import notesTable from "../../../releases/text/tables/notes.json" with { type: "json" };
import plainTable from "../../../releases/text/tables/plain.json" with { type: "json" };
import symbolsTable from "../../../releases/text/tables/symbols.json" with { type: "json" };

export const evidence: typeof evidenceTable;
export const headings: typeof headingsTable;
export const labels: Omit<typeof labelsTable, "quotes"> & { quotes: Record<string, string> };
export const links: typeof linksTable;
export const notes: typeof notesTable;
export const plain: typeof plainTable;
export const symbols: Omit<typeof symbolsTable, "fonts"> & { fonts: Record<string, string> };
