import type { Socket } from "node:net";
import type { Disposable } from "../base/clock.ts";
import type { Patience } from "./door.ts";
import { Gate } from "./gate.ts";

/** The connections of a server, and what becomes of them on the way. */
export class Gates implements Disposable {
  readonly #gates = new Set<Gate>();
  /** Runs while nothing is heard. */
  #dead: Disposable | undefined;

  /** Those of which nothing got through yet: nobody takes them. */
  refuse(): void {
    for (const gate of [...this.#gates]) if (!gate.opened && !gate.abandoned) gate.reset();
  }

  /** Connections that the device knows. */
  get standing(): number {
    return [...this.#gates].filter(({ abandoned }) => !abandoned).length;
  }

  add(socket: Socket, shut: boolean): Gate {
    const gate = new Gate(socket, shut);
    this.#gates.add(gate);
    gate.once("close", () => {
      if (!gate.abandoned) this.#gates.delete(gate);
    });
    return gate;
  }

  /**
   * Packets are lost, or get through again; what is lost for longer than the device's patience is given up.
   * @param shutNew the same for connections of which nothing got through yet
   */
  shut(shut: boolean, shutNew: boolean, patience: Patience | undefined): void {
    for (const gate of [...this.#gates]) {
      gate.shut(gate.opened || gate.abandoned ? shut : shutNew);
      if (!shut && gate.destroyed) this.#gates.delete(gate);
    }
    if (!shut) {
      this.#dead?.dispose();
      this.#dead = undefined;
    } else if (patience !== undefined) {
      this.#dead ??= patience.clock.after(patience.ms, () => this.abandon());
    }
  }

  abandon(): void {
    for (const gate of this.#gates) gate.abandon();
  }

  reset(): void {
    for (const gate of [...this.#gates]) gate.reset();
    this.#gates.clear();
  }

  dispose(): void {
    this.#dead?.dispose();
    for (const gate of [...this.#gates]) {
      if (gate.abandoned) gate.reset();
      else gate.destroy();
    }
  }
}
