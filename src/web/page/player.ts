import type { Frame, Reel } from "../words.ts";
import { el, show, text } from "./dom.ts";
import { colour, piecesOf } from "./sgr.ts";

/** Longer pauses are cut to this, unless they are wanted. */
const PAUSE_MS = 2_000;
const SPEEDS = [1, 2, 4, 8, 16];

/** Plays a recording: pictures in their time, commands to go to. */
class Player {
  readonly #reel: Reel;
  readonly #rows: string[] = [];
  readonly #screen = el("pre", { class: "screen", tabindex: "0", "aria-label": "Terminal of the recording" });
  readonly #button = el("button", { click: () => this.#toggle() }, "Play");
  readonly #slider: HTMLInputElement;
  readonly #time = el("span", { class: "time" });
  readonly #speed = el(
    "select",
    { id: "speed" },
    ...SPEEDS.map((speed) => el("option", { value: String(speed) }, `${speed}×`)),
  );
  readonly #pauses = el("input", { type: "checkbox", id: "pauses", checked: true });
  /** Index of the picture that is shown, and the time of the recording. */
  #shown = -1;
  #at = 0;
  #timer: number | undefined;

  constructor(reel: Reel, place: HTMLElement) {
    this.#reel = reel;
    this.#slider = el("input", {
      type: "range",
      min: "0",
      max: String(reel.ms),
      value: "0",
      "aria-label": "Time of the recording",
    });
    this.#slider.addEventListener("input", () => this.#go(Number(this.#slider.value)));
    const marks = el(
      "ol",
      { class: "marks" },
      ...reel.marks.map(([at, mark]) =>
        el(
          "li",
          {},
          el("button", { click: () => this.#go(at) }, el("span", { class: "time" }, clock(at)), mark),
        ),
      ),
    );
    show(marks, reel.marks.length > 0);
    place.append(
      el("h1", {}, reel.title || "Recording"),
      el("div", { class: "frame" }, this.#screen),
      el(
        "div",
        { class: "bar" },
        this.#button,
        this.#slider,
        this.#time,
        el("label", { for: "speed" }, "Speed"),
        this.#speed,
        el("label", {}, this.#pauses, " cut pauses"),
      ),
      marks,
    );
    this.#go(0);
  }

  #toggle(): void {
    if (this.#timer !== undefined) {
      this.#stop();
      return;
    }
    if (this.#shown >= this.#reel.frames.length - 1) this.#go(0);
    text(this.#button, "Pause");
    this.#next();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    text(this.#button, "Play");
  }

  #next(): void {
    const frame = this.#reel.frames[this.#shown + 1];
    if (frame === undefined) {
      this.#tell(this.#reel.ms);
      this.#stop();
      return;
    }
    const pause = frame.at - this.#at;
    const ms = (this.#pauses.checked ? Math.min(pause, PAUSE_MS) : pause) / Number(this.#speed.value);
    this.#timer = setTimeout(
      () => {
        this.#apply(frame);
        this.#shown++;
        this.#tell(frame.at);
        this.#next();
      },
      Math.max(0, ms),
    );
  }

  /** To a time: from the whole picture before it. */
  #go(at: number): void {
    const { frames } = this.#reel;
    const playing = this.#timer !== undefined;
    clearTimeout(this.#timer);
    const wanted = Math.max(
      0,
      frames.findLastIndex((frame) => frame.at <= at),
    );
    const begin = frames.findLastIndex((frame, index) => index <= wanted && frame.whole);
    for (const frame of frames.slice(Math.max(0, begin), wanted + 1)) this.#apply(frame);
    this.#shown = Math.min(wanted, frames.length - 1);
    this.#tell(at);
    if (playing) this.#next();
  }

  #tell(at: number): void {
    this.#at = at;
    this.#slider.value = String(at);
    text(this.#time, `${clock(at)} of ${clock(this.#reel.ms)}`);
  }

  #apply({ whole, rows, cols, changed, cursor: [row, col] }: Frame): void {
    if (whole) this.#rows.splice(0, this.#rows.length, ...Array<string>(rows).fill(""));
    for (const [y, now] of changed) this.#rows[y] = now;
    this.#screen.style.minWidth = `${cols}ch`;
    this.#screen.replaceChildren(
      ...this.#rows.map((painted, y) => rowOf(painted, y === row ? col : undefined)),
    );
  }
}

/** A row; the cursor is marked where it is behind the text. */
function rowOf(painted: string, cursor: number | undefined): HTMLElement {
  const node = el("div");
  let width = 0;
  for (const { text: shown, look } of piecesOf(painted)) {
    const span = el("span", {}, shown);
    const [front, back] = look.inverse ? [look.back ?? 0, look.front ?? 7] : [look.front, look.back];
    if (front !== undefined) span.style.color = colour(front);
    if (back !== undefined) span.style.backgroundColor = colour(back);
    if (look.bold) span.style.fontWeight = "700";
    if (look.dim) span.style.opacity = "0.7";
    if (look.italic) span.style.fontStyle = "italic";
    if (look.hidden) span.style.visibility = "hidden";
    if (look.underline || look.struck)
      span.style.textDecoration = [look.underline ? "underline" : "", look.struck ? "line-through" : ""].join(
        " ",
      );
    width += [...shown].length;
    node.append(span);
  }
  if (cursor !== undefined && cursor >= width)
    node.append(" ".repeat(cursor - width), el("span", { class: "cursor" }, " "));
  if (node.textContent === "") node.append(" ");
  return node;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const place = document.querySelector<HTMLElement>("#player");
const data = document.querySelector("#reel")?.textContent;
if (place !== null && data !== null && data !== undefined) new Player(JSON.parse(data), place);
