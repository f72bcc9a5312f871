import type { Clock } from "../../base/clock.ts";
import type { Permit } from "../../base/contract/permit.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import type { OpenedPty } from "../../ssh/contract.ts";
import type { MakeFraming } from "./framing.ts";
import type { Keyboard } from "./keyboard.ts";
import type { OnPut } from "./put.ts";
import type { PtySinks } from "./sinks.ts";

export interface PtyOptions {
  readonly opened: OpenedPty;
  readonly sinks: PtySinks;
  readonly clock: Clock;
  readonly framing: MakeFraming;
  readonly readSecret: ReadSecret;
  /** Leave to open the session: covers login, set-up and the screen's replies. */
  readonly permit: Permit;
  /** Left out: nobody can take it over. */
  readonly keyboard?: Keyboard;
  readonly onPut?: OnPut | undefined;
}
