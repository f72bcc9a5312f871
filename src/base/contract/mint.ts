import type { Action, SessionFacts } from "./action.ts";
import type { Caller } from "./caller.ts";
import type { Permit, PutClass, Turn } from "./permit.ts";

/** What else may be written while an action of each kind is carried out. */
const CLASSES: Readonly<Record<Action["verb"], readonly PutClass[]>> = {
  run: ["enter", "page", "clear", "secret", "setup", "status", "interrupt"],
  type: ["page", "setup", "status"],
  interrupt: ["interrupt"],
  hold: ["interrupt", "page", "setup", "status"],
  open: ["login", "secret", "setup", "page", "enter", "status", "reply", "clear"],
  exec: ["setup"],
  file: ["setup"],
  close: [],
  look: [],
  resize: [],
};

let last = 0;

/** Only access/ and tests import this file: a permit exists because a gate let an action pass. */
export function mint(
  caller: Pick<Caller, "id" | "kind">,
  action: Action,
  at?: SessionFacts,
  turn?: Turn,
): Permit {
  const permit = {
    id: ++last,
    caller: { id: caller.id, kind: caller.kind },
    verb: action.verb,
    at,
    lines: linesOf(action),
    bytes: "bytes" in action ? action.bytes : undefined,
    classes: new Set(CLASSES[action.verb]),
    ...(turn === undefined ? {} : { turn }),
  };
  return brand(permit);
}

function linesOf(action: Action): readonly string[] {
  if (action.verb === "exec") return [action.line ?? action.command];
  return action.verb === "run" ? action.lines.map(({ text }) => text) : [];
}

/** The one cast of the contract: the brand exists for the compiler only. */
function brand(permit: object): Permit {
  return Object.freeze(permit) as Permit;
}
