import type { Disposable } from "../../base/clock.ts";

/** Marks in a row. */
const ROW = 70;
const PING_MS = 200;
const PING_TIMEOUT_MS = 2000;
const LOOKUP_MS = 3000;

export interface ActivityPort {
  write(text: string): void;
  after(ms: number, action: () => void): Disposable;
  /** It is over, by itself or broken off: the prompt follows. */
  done(): void;
}

/** A command that goes on until it ends or is broken off with Ctrl-^. */
export interface Activity {
  /** False: it was over at once, and `done` is not called. */
  readonly runs: boolean;
  stop(): void;
}

/** Echo requests one by one; loopback and the documentation network 192.0.2.0/24 answer. */
export class Ping implements Activity {
  readonly runs = true;
  readonly #port: ActivityPort;
  readonly #answers: boolean;
  readonly #count: number;
  #sent = 0;
  #timer: Disposable | undefined;

  constructor(port: ActivityPort, target: string, count: number) {
    this.#port = port;
    this.#count = count;
    this.#answers = /^(?:127\.|192\.0\.2\.)/.test(target);
    const timeout = `timeout is ${PING_TIMEOUT_MS / 1000} seconds`;
    port.write(
      `Type escape sequence to abort.\r\nSending ${count}, 100-byte ICMP Echos to ${target}, ${timeout}:\r\n`,
    );
    this.#next();
  }

  stop(): void {
    this.#timer?.dispose();
    const got = this.#answers ? this.#sent : 0;
    const trip = got === 0 ? "" : ", round-trip min/avg/max = 1/2/4 ms";
    const rate = got === 0 ? 0 : 100;
    this.#port.write(`\r\nSuccess rate is ${rate} percent (${got}/${this.#sent})${trip}\r\n`);
    this.#port.done();
  }

  #next(): void {
    this.#timer = this.#port.after(this.#answers ? PING_MS : PING_TIMEOUT_MS, () => {
      this.#port.write(this.#answers ? "!" : ".");
      this.#sent++;
      if (this.#sent % ROW === 0 && this.#sent < this.#count) this.#port.write("\r\n");
      if (this.#sent === this.#count) this.stop();
      else this.#next();
    });
  }
}

/** A word that is no command is taken for the name of a host to connect to. */
export class LookUp implements Activity {
  readonly runs: boolean;
  readonly #port: ActivityPort;
  #timer: Disposable | undefined;

  constructor(port: ActivityPort, word: string, asks: boolean) {
    this.#port = port;
    this.runs = asks;
    port.write(`Translating "${word}"${asks ? "...domain server (255.255.255.255)" : ""}`);
    if (asks) this.#timer = port.after(LOOKUP_MS, () => this.#over(""));
    else this.#failed("");
  }

  stop(): void {
    this.#over(" % Name lookup aborted");
  }

  #over(mark: string): void {
    this.#timer?.dispose();
    this.#failed(mark);
    this.#port.done();
  }

  #failed(mark: string): void {
    this.#port.write(
      `${mark}\r\n% Unknown command or computer name, or unable to find computer address\r\n\r\n`,
    );
  }
}
