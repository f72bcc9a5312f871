import type { Clock } from "../../base/clock.ts";
import type { Device } from "../../devices/device.ts";
import { echoStands, echoStandsIn } from "./echo.ts";
import { type Drawn, rowsSince } from "./rendered.ts";

/** Quiet after which a typed line that was not echoed never will be; a slow repaint may go on for longer. */
export const ECHO_MS = 10_000;
/** The same, however much else is printed meanwhile. */
const ECHO_LIMIT_MS = 60_000;
/** Quiet before more than the cursor's row is searched for the echo. */
const ROWS_MS = 20;
/** A question mark may be answered with help in the next moment. */
const HELP_MS = 300;

/** Why a line was not run. */
export class LineLost extends Error {
  readonly why: "echo" | "closed" | "interrupted";

  constructor(why: "echo" | "closed" | "interrupted") {
    super(why);
    this.why = why;
  }
}

interface Line {
  readonly text: string;
  readonly device: Device;
  /** The cursor's row before anything was typed. */
  readonly before: string;
  readonly since: number;
  /** Clock time when it was typed. */
  readonly at: number;
  resolve(how: "echo" | "help"): void;
  reject(error: LineLost): void;
}

/** Types a line and presses Enter only once the line stands on the screen. */
export class Typing {
  readonly #port: { write(bytes: string): void };
  readonly #drawn: Drawn;
  readonly #clock: Clock;
  #line: Line | undefined;
  #searching = false;

  constructor(port: { write(bytes: string): void }, drawn: Drawn, clock: Clock) {
    this.#clock = clock;
    this.#port = port;
    this.#drawn = drawn;
  }

  get busy(): boolean {
    return this.#line !== undefined;
  }

  /** `help`: a question mark was answered at once and the line stands there unfinished; nothing was entered. @throws LineLost. */
  async type(text: string, device: Device): Promise<"entered" | "help"> {
    const { screen, transcript } = this.#drawn;
    const before = screen.cursorRowText().trimEnd();
    const since = transcript.end;
    const how = await new Promise<"echo" | "help">((resolve, reject) => {
      this.#line = { text, device, before, since, at: this.#clock.now(), resolve, reject };
      this.#port.write(text);
      if (device.echo === "none") this.#over("echo");
    });
    if (how === "help") return "help";
    this.#port.write(device.keys.enter);
    return "entered";
  }

  forget(): void {
    this.#line = undefined;
  }

  give(why: "closed" | "interrupted"): void {
    const line = this.#line;
    this.#line = undefined;
    line?.reject(new LineLost(why));
  }

  onData(): void {
    if (this.#line) this.#checkRow(this.#line, 0);
  }

  /** The row alone did not show the line: it wrapped at the device's own width, or log rows came in between. */
  async look(quiet: number): Promise<void> {
    const line = this.#line;
    if (!line) return;
    this.#checkRow(line, quiet);
    if (this.#line !== line || this.#searching || quiet < ROWS_MS) return;
    this.#searching = true;
    try {
      await this.#search(line, quiet);
    } finally {
      this.#searching = false;
    }
  }

  async #search(line: Line, quiet: number): Promise<void> {
    const { device, text, since } = line;
    // A log row that is still coming in: the line is painted again behind it.
    if (device.isAsync(this.#drawn.screen.cursorRowText().trimEnd())) return;
    const rows = await rowsSince(this.#drawn, since);
    if (this.#line !== line) return;
    const asks = asksHelp(text);
    if (asks && quiet < HELP_MS) return;
    if (asks && this.#helped(line)) return this.#over("help");
    if (asks && device.profile.input?.literal_question !== true) {
      if (quiet >= ECHO_MS) this.#lose(line);
      return;
    }
    const own = rows.filter((row) => !device.isAsync(row.trimEnd()));
    if (echoStandsIn(own, text)) return this.#over("echo");
    if (quiet < ECHO_MS && this.#clock.now() - line.at < ECHO_LIMIT_MS) return;
    this.#lose(line);
  }

  #lose(line: Line): void {
    this.#line = undefined;
    line.reject(new LineLost("echo"));
  }

  #checkRow({ text, before, device }: Line, quiet: number): void {
    // Help may come late, and Enter would then run what it leaves on the line.
    if (asksHelp(text) && (quiet < HELP_MS || device.profile.input?.literal_question !== true)) return;
    const row = this.#drawn.screen.cursorRowText().trimEnd();
    if (echoStands({ row, prompt: before, text: text.trimEnd(), how: device.echo })) this.#over("echo");
  }

  /** `show ip ?` prints help at the question mark and puts `show ip ` behind the prompt again. */
  #helped({ text, before, since }: Line): boolean {
    const asked = /^(.*?)\s*\?+\s*$/.exec(text)?.[1];
    if (asked === undefined) return false;
    const { transcript, screen } = this.#drawn;
    if (transcript.lineFeeds(since, transcript.end) === 0) return false;
    const row = screen.cursorRowText().trimEnd();
    if (row === before) return true;
    return asked !== "" && row.replace(/\s+/g, " ").endsWith(asked.trim().replace(/\s+/g, " "));
  }

  #over(how: "echo" | "help"): void {
    const line = this.#line;
    this.#line = undefined;
    line?.resolve(how);
  }
}

function asksHelp(text: string): boolean {
  return /\?\s*$/.test(text);
}
