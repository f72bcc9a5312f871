import { messageOf } from "../../base/errors.ts";
import type { Device, RowTest } from "../../devices/device.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import type { PtyChannel } from "../../ssh/contract.ts";

/**
 * A second login inside the terminal (`User Name:`, `Password:`), where the profile names one. Name and password go out
 * once each: what is asked again is for the caller to see.
 */
export class InBandLogin {
  readonly #host: ResolvedHost;
  readonly #channel: PtyChannel;
  readonly #note: (sentence: string) => void;
  readonly #type: (secret: SecretRef, question: RowTest) => Promise<boolean>;
  readonly #answered = new Set<string>();

  /** `type`: types a secret and Enter if its question still stands then. */
  constructor(
    host: ResolvedHost,
    channel: PtyChannel,
    note: (sentence: string) => void,
    type: (secret: SecretRef, question: RowTest) => Promise<boolean>,
  ) {
    this.#host = host;
    this.#channel = channel;
    this.#note = note;
    this.#type = type;
  }

  /** True when the row was answered. */
  answer(row: string, device: Device): boolean {
    const step = device.inBand.find(({ test }) => test(row));
    if (!step) return false;
    const { answer } = step;
    const kind = typeof answer === "string" ? answer : answer.text;
    if (this.#answered.has(kind)) return false;
    this.#answered.add(kind);
    const { enter } = device.keys;
    if (answer === "username") this.#channel.write(`${this.#host.user}${enter}`);
    else if (answer === "password") return this.#password(step.test);
    else this.#channel.write(`${answer.text}${enter}`);
    return true;
  }

  #password(question: RowTest): boolean {
    const method = this.#host.auth.find((one) => one.method === "password");
    if (method?.method !== "password") return false;
    const none = (why: string) => this.#note(`the login inside the terminal got no password: ${why}`);
    this.#type(method.secret, question)
      .then((typed) => {
        if (!typed) none("its question was gone before it could be answered");
      })
      .catch((error: unknown) => none(messageOf(error)));
    return true;
  }
}
