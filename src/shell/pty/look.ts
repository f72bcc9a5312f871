import type { KernelEvidence } from "../evidence/kernel.ts";
import type { Framing } from "./framing.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a look needs of its terminal. */
export interface Eye {
  readonly ended: boolean;
  readonly framing: Pick<Framing, "base" | "look" | "answered">;
  /** Changes with every byte in either direction and every change of state. */
  moment(): string;
  snapshot(kernel?: KernelEvidence): Snapshot;
  askKernel(): Promise<KernelEvidence>;
  act(action: () => void): void;
}

/**
 * Has the framing judge what it is like now, and again with the kernel's answer where it wants one. Gives the quiet time,
 * in milliseconds, at which it wants to judge again.
 */
export async function look(eye: Eye, seen: Snapshot): Promise<number | undefined> {
  if (eye.ended || seen.view.stale) return undefined;
  let wanted: "kernel" | undefined;
  eye.act(() => {
    wanted = eye.framing.look(seen);
  });
  if (wanted === undefined) return seen.quiet.next;
  const moment = eye.moment();
  const { framing } = eye;
  const about = framing.base;
  const kernel = await eye.askKernel();
  if (eye.ended || eye.framing !== framing) return undefined;
  framing.answered(kernel, about);
  // An answer older than the last byte or the last key says nothing about now.
  if (eye.moment() !== moment) return undefined;
  const again = eye.snapshot(kernel);
  eye.act(() => {
    framing.look(again);
  });
  return again.quiet.next;
}
