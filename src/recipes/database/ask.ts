import { within } from "../bounds.ts";
import { onEngine } from "../docker/engine.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";
import type { Dialect, Order } from "./order.ts";

/** Of what a client prints, and of what it complains of. */
const MOST_BYTES = 256 * 1024;
const MOST_SAID = 4_000;
/** Beside the time that the server itself is given: for connecting, which the clients are given as long for. */
const GRACE_S = 10;

const NO_CLIENT = 127;
const SYSTEM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin";

/**
 * The step that runs the client on the host or in the container. A password comes in as the one line of its input and goes on in
 * the client's environment: it is in no argument and in no output. With one the client is looked for in the system's own
 * folders. Undefined: there is no engine.
 */
export function ask(dialect: Dialect, order: Order, nature: Nature): Sh | undefined {
  const { place, seconds, nonce } = order;
  const { clients, variable } = dialect;
  const [first = ""] = clients;
  const given =
    place.secret === undefined
      ? sh``
      : sh`PATH=${SYSTEM_PATH}; export PATH; IFS= read -r ${[variable]} || exit 1; export ${[variable]}; `;
  const inner = sh`LC_ALL=C; export LC_ALL; ${given}exec </dev/null; c=; for p in ${clients}; do if command -v "$p" >/dev/null 2>&1; then c=$p; break; fi; done; [ -n "$c" ] || { echo ${`there is no ${first} here`} >&2; exit ${NO_CLIENT}; }; ${dialect.client(order)}`;
  const bounded = (words: readonly string[]) =>
    within(nature, seconds + GRACE_S, sh`${words} ${inner.script} <&5`);
  const run =
    place.container === undefined
      ? sh`echo host; ${collected(bounded(["/bin/sh", "-c"]), nonce)}`
      : onEngine(nature, (engine) =>
          collected(bounded([engine, "exec", "-i", place.container ?? "", "sh", "-c"]), nonce),
        );
  return run === undefined ? undefined : sh`exec 5<&0; ${run}`;
}

/** Its output up to a mark, then what it complained of, and its exit code. */
function collected(command: Sh, nonce: string): Sh {
  return sh`echo ${nonce}; { { { ${command}; s=$?; echo; echo ${endOf(nonce)}; echo "exit $s" >&2; } | head -c ${MOST_BYTES} >&4; } 2>&1 | { t=$(tail -c ${MOST_SAID}); echo; echo ${saidOf(nonce)}; printf '%s\n' "$t"; }; } 4>&1`;
}

const endOf = (nonce: string) => `${nonce}-end`;
const saidOf = (nonce: string) => `${nonce}-said`;

/** What came of it. */
export interface Asked {
  /** `host`, or the engine of the container. */
  readonly where: string;
  /** What the client printed; it ends where `MOST_BYTES` are full. */
  readonly text: string;
  readonly cut: boolean;
  readonly said: readonly string[];
  /** Undefined: it was not seen to end. */
  readonly exit: number | undefined;
  readonly nonce: string;
}

export function askedIn(ran: RanSteps, step: string): Asked {
  const [where = "", nonce = "", ...lines] = ran.get(step)?.lines ?? [];
  const at = lines.lastIndexOf(saidOf(nonce));
  const printed = at < 0 ? lines : lines.slice(0, at);
  const end = printed.lastIndexOf(endOf(nonce));
  // The blank line before a mark is the mark's own.
  const text = (end < 0 ? printed : printed.slice(0, end)).join("\n").replace(/\n$/, "");
  const said = (at < 0 ? [] : lines.slice(at + 1)).filter((line) => line.trim() !== "");
  const code = /^exit (\d+)$/.exec(said.at(-1) ?? "")?.[1];
  return {
    where,
    text,
    cut: end < 0 && at >= 0,
    said: code === undefined ? said : said.slice(0, -1),
    exit: code === undefined ? undefined : Number(code),
    nonce,
  };
}
