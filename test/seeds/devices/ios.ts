import type { Terminal } from "./terminal.ts";

/** Where an IOS-like device is. */
export interface Place {
  host: string;
  mode: "exec" | "enable" | "config";
}

/** What is printed for a command, or done; "bye" ends the device. */
export type Answer = string | ((terminal: Terminal, place: Place, command: string) => unknown);

interface IosOptions {
  readonly host?: string;
  readonly mode?: Place["mode"];
  readonly greet?: string;
  /** By command; a name that ends in an asterisk is for all that begin like that. */
  readonly answers?: Readonly<Record<string, Answer>>;
}

const INVALID = "         ^\r\n% Invalid input detected at '^' marker.\r\n\r\n";
const MARKS = { exec: ">", enable: "#", config: "(config)#" } as const;

/** A device that takes IOS's commands for its modes and its preparation, and answers others as it is told. */
export function ios({ host = "R1", mode = "enable", greet = "\r\n", answers = {} }: IosOptions = {}) {
  return async (terminal: Terminal): Promise<void> => {
    const place: Place = { host, mode };
    terminal.print(greet);
    for (;;) {
      const line = await terminal.line({ prompt: `${place.host}${MARKS[place.mode]}` });
      const command = line?.trim() ?? "";
      if (command === "") continue;
      const answer = answers[command] ?? beginning(answers, command);
      if (typeof answer === "function") {
        if ((await answer(terminal, place, command)) === "bye") return;
      } else if (answer !== undefined) terminal.print(answer);
      else plain(terminal, place, command);
    }
  };
}

function beginning(answers: Readonly<Record<string, Answer>>, command: string): Answer | undefined {
  return Object.entries(answers).find(
    ([name]) => name.endsWith("*") && command.startsWith(name.slice(0, -1)),
  )?.[1];
}

function plain(terminal: Terminal, place: Place, command: string): void {
  if (/^terminal /.test(command)) return;
  if (/^conf/.test(command) && place.mode === "enable") {
    terminal.print("Enter configuration commands, one per line.  End with CNTL/Z.\r\n");
    place.mode = "config";
  } else if (/^(end|exit)/.test(command) && place.mode === "config") place.mode = "enable";
  else if (command === "show version") terminal.print("Cisco IOS Software, C2900 Software\r\n");
  else if (place.mode !== "config") terminal.print(INVALID);
}

/** `count` rows, numbered from 1. */
export function rows(count: number, row: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => row(index + 1));
}

/** The rows of a result between its notes, without the empty ones at its ends. */
export function body({ out }: { readonly out: string }): string {
  return out.trim();
}
