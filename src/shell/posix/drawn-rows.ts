import { moveOf, ONE_CELL, staysUntil } from "./drawing.ts";

/** A character of other programs' rows. A blank that the line does not have there is an editor's wiping, or theirs. */
const FOREIGN = 10;
const WIPED = 11;
/** A row of others begins; or within the prompt, which a shell prints at once: a row that begins like it is all theirs. */
const LEAVE = 5;
const LEAVE_PROMPT = 100;
/** What had been shown is drawn again, elsewhere than where a row of others has just come; or exactly there: the row began alike. */
const AGAIN = 1;
const TAKEN_BACK = 11;
/** Explanations followed at once; more means that the line's own characters decide nothing. */
const MOST_STATES = 2000;
/** Own words of the typed line: no other program prints them. */
const OURS = "__m";

/** One explanation of what was drawn so far. */
interface State {
  readonly row: number;
  /** `cols`: the last column is full, the next character goes to the row below. */
  readonly col: number;
  /** The line's characters before this one have been drawn. */
  readonly shown: number;
  /** Where the text run began that is being drawn. */
  readonly run: number;
  /** Characters drawn last before a row of others: drawn again at once, they were that row's beginning. */
  readonly doubt: readonly [number, number];
  readonly cost: number;
  /** Start of the row of others that is under way; undefined: the editor draws. */
  readonly since: number | undefined;
  /** Rows of others found, the newest first. */
  readonly rows: Rows | undefined;
}

interface Rows {
  readonly from: number;
  readonly to: number;
  readonly before: Rows | undefined;
}

const NO_DOUBT: readonly [number, number] = [0, 0];

/**
 * Explains `held` as `line` behind `prompt`, drawn by a line editor on a terminal of `cols` columns, with whole rows of other
 * programs in between; they do not move the cursor that the editor knows of. Returns those rows, or undefined where something
 * is neither.
 */
export function rowsAmongDrawn(
  held: string,
  prompt: string,
  line: string,
  cols: number,
): string[] | undefined {
  const text = prompt + line;
  if (cols < 2 || prompt.length >= cols || !ONE_CELL.test(text)) return undefined;
  const states = explain(held, { text, begin: prompt.length, cols });
  let best: State | undefined;
  for (const state of states) {
    const whole = state.shown === 0 || state.shown === prompt.length || state.shown === text.length;
    if (whole && state.since === undefined && state.cost < (best?.cost ?? Number.POSITIVE_INFINITY))
      best = state;
  }
  if (!best) return undefined;
  const found: string[] = [];
  for (let rows = best.rows; rows; rows = rows.before) found.unshift(held.slice(rows.from, rows.to));
  // A row with the line itself in it: others' text stands before it, and it is no row yet.
  return found.some((row) => row.includes(OURS)) ? undefined : found;
}

interface Drawing {
  readonly text: string;
  readonly begin: number;
  readonly cols: number;
}

function explain(held: string, drawing: Drawing): Iterable<State> {
  const { begin, cols } = drawing;
  let now = new Explanations(cols);
  // The prompt is there, or it is still to come.
  for (const from of new Set([begin, 0]))
    now.add({
      row: 0,
      col: from,
      shown: from,
      run: from,
      doubt: NO_DOUBT,
      cost: 0,
      since: undefined,
      rows: undefined,
    });
  for (let at = 0; at < held.length && now.size > 0 && now.size <= MOST_STATES; ) {
    const next = new Explanations(cols);
    const to = step(held, at, drawing, now, next);
    if (to === undefined) return [];
    if (next.size > 0 || to > at) now = next;
    at = to;
  }
  return now.size > MOST_STATES ? [] : now.all();
}

/** Follows every explanation over what stands at `at`; returns where it ends, undefined where nothing explains it. */
function step(
  held: string,
  at: number,
  drawing: Drawing,
  now: Explanations,
  next: Explanations,
): number | undefined {
  const char = held[at] ?? "";
  if (char >= " ") {
    if (char === "\u007f") return undefined;
    for (const state of now.all()) {
      if (state.since === undefined) draw(char, state, drawing, next);
      leave(at, state, drawing, next);
    }
    return at + 1;
  }
  if (char === "\n" || (char === "\r" && endsRow(held, at))) {
    const to = held.indexOf("\n", at) + 1;
    for (const state of now.all()) endRow(to, state, drawing, next);
    return to;
  }
  const stays = char === "\u0007" || char === "\u0000" ? at + 1 : staysUntil(held, at);
  if (stays !== undefined) {
    for (const state of now.all()) next.add(state);
    return stays;
  }
  const move = moveOf(held, at);
  if (!move) return undefined;
  for (const state of now.all()) {
    const moved = move.of(state.row, Math.min(state.col, drawing.cols - 1), drawing.cols);
    // Rows of others that go back in themselves are left to the explanation that counts no cells.
    if (state.since !== undefined || moved.row < 0) continue;
    next.add({ ...state, ...moved, run: moved.row * drawing.cols + moved.col });
  }
  return move.to;
}

function draw(char: string, state: State, { text, cols }: Drawing, next: Explanations): void {
  const [row, col] = state.col === cols ? [state.row + 1, 0] : [state.row, state.col];
  const place = row * cols + col;
  const isText = char === text[place];
  if (!isText && char !== " ") return;
  const [low, high] = state.doubt;
  const doubted = place >= low && place < high;
  const again = doubted ? TAKEN_BACK : place < state.shown ? AGAIN : 0;
  next.add({
    ...state,
    row,
    col: col + 1,
    shown: Math.max(state.shown, Math.min(place + 1, text.length)),
    doubt: doubted ? state.doubt : NO_DOUBT,
    cost: state.cost + (isText ? again : WIPED),
  });
}

/** The character is of a row of others, which begins here or is under way. */
function leave(at: number, state: State, { text, begin, cols }: Drawing, next: Explanations): void {
  if (state.since !== undefined) {
    next.add({ ...state, cost: state.cost + FOREIGN });
    return;
  }
  const place = state.row * cols + state.col;
  const drawn = text.slice(state.run, place);
  // Nothing was drawn since the row of others before: what is doubted stays so.
  const doubt = drawn === "" ? state.doubt : drawn.includes(OURS) ? NO_DOUBT : ([state.run, place] as const);
  const within = place > 0 && place < begin ? LEAVE_PROMPT : LEAVE;
  next.add({ ...state, since: at, doubt, cost: state.cost + within + FOREIGN });
}

function endRow(to: number, state: State, { text, cols }: Drawing, next: Explanations): void {
  if (state.since !== undefined) {
    const rows = { from: state.since, to, before: state.rows };
    next.add({ ...state, since: undefined, rows, run: state.row * cols + state.col });
    return;
  }
  // A row's end within the line is other programs', or an editor's that wraps by itself.
  if (state.shown > 0 && state.shown < text.length) return;
  // Behind it the editor that begins to read may draw all once more.
  next.add({ ...state, row: 0, col: 0, shown: 0, run: 0, doubt: NO_DOUBT });
}

function endsRow(held: string, at: number): boolean {
  let to = at;
  while (held[to] === "\r") to++;
  return held[to] === "\n";
}

/** The cheapest explanation for each place of the cursor. */
class Explanations {
  readonly #cols: number;
  readonly #best = new Map<string, State>();

  constructor(cols: number) {
    this.#cols = cols;
  }

  get size(): number {
    return this.#best.size;
  }

  all(): Iterable<State> {
    return this.#best.values();
  }

  add(state: State): void {
    const place = state.row * (this.#cols + 1) + state.col;
    const key = `${place} ${state.since === undefined ? "" : "other"} ${state.doubt[1]} ${state.shown}`;
    const known = this.#best.get(key);
    if (known === undefined || state.cost < known.cost) this.#best.set(key, state);
  }
}
