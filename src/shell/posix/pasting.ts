/** Counts the lines that keys enter; a line editor with bracketed paste on enters none of those between its two marks. */
export class Pasting {
  #open = false;
  /** The end of what came before, where a mark may have been cut. */
  #tail = "";

  /** `on`: the terminal is in bracketed paste mode. */
  lines(bytes: Buffer, on: boolean): number {
    if (!on) {
      this.#open = false;
      this.#tail = "";
    }
    const before = this.#tail.length;
    const text = this.#tail + bytes.toString("latin1");
    let count = 0;
    for (const { 0: part, index } of text.matchAll(/\u001b\[20[01]~|\r\n?|\n/g)) {
      if (part.startsWith("\u001b")) this.#open = on && part === "\u001b[200~";
      else if (!this.#open && index >= before) count++;
    }
    this.#tail = on ? (/\u001b(?:\[(?:2(?:0[01]?)?)?)?$/.exec(text)?.[0] ?? "") : "";
    return count;
  }
}
