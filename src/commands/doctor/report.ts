import { wrapped } from "../wrapped.ts";
import type { Diagnosis, Finding, Section } from "./finding.ts";

/** How a diagnosis is printed: `width` columns; `verbose` with every algorithm the server offers. */
export interface Form {
  readonly width: number;
  readonly verbose: boolean;
}

const WHOLE: Form = { width: Number.POSITIVE_INFINITY, verbose: true };

/** The diagnosis as a person reads it: verdict, time, step, text; then what to do. */
export function report(name: string, diagnosis: Diagnosis, form: Form = WHOLE): string {
  let text = "";
  const printer = new FindingPrinter((part) => {
    text += part;
  }, form);
  printer.show(diagnosis.sections);
  return text + ending(name, diagnosis, form);
}

/** Prints findings as they are made: each once, under the title of its section. */
export class FindingPrinter {
  readonly #print: (text: string) => void;
  readonly #form: Form;
  readonly #printed = new Set<string>();
  #section: number | undefined;

  constructor(print: (text: string) => void, form: Form) {
    this.#print = print;
    this.#form = form;
  }

  /** Prints what is new of all that was found so far. */
  show(sections: readonly Section[]): void {
    for (const [index, { title, findings }] of sections.entries())
      for (const finding of findings) {
        // A step that went otherwise when it was taken again is printed again.
        const key = JSON.stringify([index, finding.what, finding.verdict, finding.text]);
        if (this.#printed.has(key)) continue;
        this.#printed.add(key);
        if (this.#section !== index) {
          const gap = this.#section === undefined ? "" : "\n";
          this.#print(title === undefined ? gap : `${gap}${title}:\n`);
          this.#section = index;
        }
        this.#print(`${findingText(finding, this.#form)}\n`);
      }
  }
}

/** What to do, and the verdict. */
export function ending(name: string, diagnosis: Diagnosis, { width }: Form): string {
  const { next, inventory, healthy } = diagnosis;
  const blocks: string[] = [];
  if (next !== undefined) blocks.push(wrapped("Next: ", next, width));
  if (inventory !== undefined) {
    const lines = inventory.lines.map((line) => `      ${line}`);
    blocks.push(
      `In the inventory, to ${inventory.purpose}:\n\n  hosts:\n    ${inventory.host}:\n${lines.join("\n")}`,
    );
  }
  blocks.push(healthy ? `All is well with ${name}.` : `${name} does not work: see the line marked FAIL.`);
  return `\n${blocks.join("\n\n")}\n`;
}

const MARKS = { ok: "ok", warn: "warn", fail: "FAIL" } as const;

function findingText({ verdict, what, text, ms, details, more }: Finding, { width, verbose }: Form): string {
  const time = ms === undefined ? "" : duration(ms);
  const first = `${MARKS[verdict].padEnd(4)} ${time.padStart(6)}  ${what.padEnd(14)}  `;
  const below = [...details, ...(verbose ? (more ?? []) : [])];
  const indent = " ".repeat(first.length);
  return [wrapped(first, text, width), ...below.map((line) => wrapped(indent, line, width))].join("\n");
}

/** `0.4 ms`, `12 ms`, `3.2 s`. */
function duration(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
