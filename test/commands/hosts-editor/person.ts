import {
  Back,
  type Choice,
  Left,
  type Prompts,
  type TextQuestion,
} from "../../../src/commands/hosts/editor/prompts.ts";

/** What a person does at a question. */
export type Answer =
  | { readonly does: "pick"; readonly rows: readonly RegExp[] }
  | { readonly does: "type"; readonly text: string }
  | { readonly does: "agree"; readonly yes: boolean }
  | { readonly does: "back" | "interrupt" }
  | { readonly does: "meanwhile"; readonly work: () => void };

/** The one row that matches each. */
export const pick = (...rows: RegExp[]): Answer => ({ does: "pick", rows });
export const type = (text: string): Answer => ({ does: "type", text });
export const yes: Answer = { does: "agree", yes: true };
export const no: Answer = { does: "agree", yes: false };
export const back: Answer = { does: "back" };
export const interrupt: Answer = { does: "interrupt" };
/** Something that happens while the next question is on the screen. */
export const meanwhile = (work: () => void): Answer => ({ does: "meanwhile", work });

/** Somebody at the terminal who gives these answers in turn, and then the last one for ever: Ctrl-C. */
export class Person implements Prompts {
  /** Everything that was asked, refused and told, in its order. */
  readonly seen: string[] = [];
  readonly #answers: Answer[];
  readonly #then: Answer;
  /** How many answers were given. */
  given = 0;

  constructor(answers: readonly Answer[], then: Answer = interrupt) {
    this.#answers = [...answers];
    this.#then = then;
  }

  get screen(): string {
    return this.seen.join("\n");
  }

  async search(question: string, choices: readonly Choice[]): Promise<string> {
    return this.#pick(question, choices)[0] ?? "";
  }

  async choose(question: string, choices: readonly Choice[]): Promise<string> {
    return this.#pick(question, choices)[0] ?? "";
  }

  async several(question: string, choices: readonly Choice[]): Promise<readonly string[]> {
    return this.#pick(question, choices);
  }

  async text(question: string, { initial, check }: TextQuestion = {}): Promise<string> {
    this.seen.push(initial === undefined ? question : `${question} [${initial}]`);
    for (;;) {
      const answer = this.#next(question);
      if (answer.does !== "type") throw new Error(`${question}: a text is asked for`);
      const refused = await check?.(answer.text);
      if (refused === undefined) return answer.text;
      this.seen.push(refused);
    }
  }

  async agree(question: string, _initial: boolean): Promise<boolean> {
    this.seen.push(question);
    const answer = this.#next(question);
    if (answer.does !== "agree") throw new Error(`${question}: yes or no is asked for`);
    return answer.yes;
  }

  say(text: string): void {
    this.seen.push(text);
  }

  show(text: string): void {
    this.seen.push(text);
  }

  lend<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  #pick(question: string, choices: readonly Choice[]): string[] {
    this.seen.push(question, ...choices.map(({ label }) => `  ${label}`));
    const answer = this.#next(question);
    if (answer.does !== "pick") throw new Error(`${question}: a row is asked for`);
    return answer.rows.map((wanted) => {
      const [found, ...more] = choices.filter(({ label }) => wanted.test(label));
      if (found === undefined || more.length > 0)
        throw new Error(
          `${question}: ${more.length > 0 ? "several rows" : "no row"} like ${wanted}\n${this.screen}`,
        );
      return found.value;
    });
  }

  #next(question: string): Answer {
    const answer = this.#answers.shift() ?? this.#then;
    this.given++;
    if (answer.does === "back") throw new Back();
    if (answer.does === "interrupt") throw new Left();
    if (answer.does !== "meanwhile") return answer;
    answer.work();
    return this.#next(question);
  }
}
