/** A bar, dots, a spinner: marks alone, with figures or without. */
const MARKS = /^[\s.#=*!>+|/\\<[\](){}\-_~:,;o\d%]*$/;
/** The same mark several times at the end, or an arrow: a bar that grows. */
const BAR_END = /(?:([#>=.*!+~o-])\1|[=-]{2,}>)[\s|\])]*$/;
/** A figure that says how far it is: `55%`, `12.5 %`, `3.2 MB`, `120 KB/s`. */
const FIGURE =
  /(?<![\w-])\d{1,3}(?:[.,]\d+)? ?%|(?<![\w.-])\d+(?:[.,]\d+)? ?(?:[kMG]i?B|[KMG]B|bytes)(?:\/s|ps)?\b/i;
/** What is being done, named in the row. */
const DOING =
  /\b(?:(?:down|up)?loading|copying|writing|reading|erasing|verifying|sending|receiving|transferring|(?:un|de)?(?:packing|compressing)|extracting|installing|upgrading|updating|flashing|building|generating|saving|storing|checking|scanning|formatting|committing|applying|rebooting|restarting|initiali[sz]ing|processing|connecting|trying|waiting|working|please wait|in progress|progress|completed?|transferred|remaining|elapsed|eta)\b/i;
/** A placeholder or an address at the end of a sentence: `show <name>`. */
const PLACEHOLDER = /\s\S*<[^<>]*>$/;
/** Words of a row that no prompt has. */
const MANY_WORDS = 6;

/** Does this row show work that goes on? It ends as a shell's prompt may: `[=====>`, `###`, `..........55%`. */
export function isProgress(row: string): boolean {
  const text = row.trim();
  if (text === "") return false;
  return MARKS.test(text) || BAR_END.test(text) || FIGURE.test(text) || DOING.test(text);
}

/** The same by marks and figures alone: a row of a menu may end in dots, and name what it does. */
export function isBar(row: string): boolean {
  const text = row.trim();
  return text !== "" && (MARKS.test(text) || FIGURE.test(text));
}

/** A sentence, or help: it may end in a mark as prompts do. */
export function isProse(row: string): boolean {
  const text = row.trim();
  return PLACEHOLDER.test(text) || text.split(/\s+/).length >= MANY_WORDS;
}
