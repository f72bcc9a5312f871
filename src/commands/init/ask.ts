import { createInterface } from "node:readline/promises";

/** Asks a person; undefined: nobody answers (no terminal, Ctrl-C, Ctrl-D). */
export type Ask = (question: string) => Promise<string | undefined>;

/** Questions at the terminal; undefined: stdin is none. */
export function terminalQuestions(): Ask | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      // A terminal that is closed never answers.
      const closed = new Promise<undefined>((resolve) => {
        terminal.once("close", () => resolve(undefined));
      });
      const answer = await Promise.race([terminal.question(question), closed]);
      if (answer === undefined) process.stdout.write("\n");
      return answer?.trim();
    } finally {
      terminal.close();
    }
  };
}

export function isYes(answer: string | undefined): boolean {
  return /^y(es)?$/i.test(answer ?? "");
}
