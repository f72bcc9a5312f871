import { messageOf } from "../../base/errors.ts";
import { inWorker } from "../../base/in-worker.ts";
import { checkDockerfile, checkToml, checkXml, checkYaml } from "./by-library.ts";
import { checkDotenv, checkIni, checkSystemd } from "./by-lines.ts";
import { checkJson, checkJsonc, checkJsonLines } from "./json.ts";
import { type KnownKind, kindOf } from "./kind-of.ts";
import { type Check, type Fault, KIND_NAMES, type Kind, MOST_FAULTS } from "./kinds.ts";
import { checkNginx } from "./nginx.ts";

/** What is known of a text's syntax. */
export type Verdict =
  | { readonly is: "valid"; readonly kind: Kind; readonly by: KnownKind["by"] }
  | {
      readonly is: "invalid";
      readonly kind: Kind;
      readonly by: KnownKind["by"];
      readonly faults: readonly Fault[];
      /** There are more. */
      readonly more: boolean;
    }
  /** Nobody knows what it is, or it could not be checked. */
  | { readonly is: "unchecked"; readonly why: string };

const CHECKS: Readonly<Record<Kind, Check>> = {
  json: checkJson,
  jsonc: checkJsonc,
  jsonl: checkJsonLines,
  yaml: checkYaml,
  toml: checkToml,
  xml: checkXml,
  ini: checkIni,
  dotenv: checkDotenv,
  dockerfile: checkDockerfile,
  nginx: checkNginx,
  systemd: checkSystemd,
};

/** Checks a text, without a byte order mark, as what it is by name or content, or as the caller says. */
export async function validate(path: string, text: string, asked?: Kind): Promise<Verdict> {
  const known: KnownKind | undefined =
    asked === undefined ? kindOf(path, text) : { kind: asked, by: "caller" };
  if (known === undefined)
    return { is: "unchecked", why: "neither its name nor its content says of which type it is" };
  if (text.length > MOST_CHARS)
    return { is: "unchecked", why: `only files of up to ${MOST_CHARS / 1e6} MB are checked` };
  if (RECURSIVE.has(known.kind) && deepest(text) > MOST_LEVELS)
    return { is: "unchecked", why: `it is nested in more than ${MOST_LEVELS} levels` };
  return text.length > (APART[known.kind] ?? MOST_CHARS) ? apart(text, known) : checked(text, known);
}

/** What a worker is started with. */
export interface ValidateTask {
  readonly task: "validate";
  readonly text: string;
  readonly known: KnownKind;
}

/** Such a text is checked in a worker: no parser is interrupted, and half a second of one holds up everybody's sessions. */
const APART: Partial<Readonly<Record<Kind, number>>> = { yaml: 100_000, dockerfile: 100_000 };
const LONGEST_MS = 15_000;
const HEAP_MB = 1024;

async function apart(text: string, known: KnownKind): Promise<Verdict> {
  try {
    const task = { task: "validate", text, known } as const;
    return await inWorker<ValidateTask, Verdict>(task, { longestMs: LONGEST_MS, heapMb: HEAP_MB });
  } catch (error) {
    return {
      is: "unchecked",
      why: `the ${KIND_NAMES[known.kind]} parser gave no answer: ${messageOf(error)}`,
    };
  }
}

export async function checked(text: string, { kind, by }: KnownKind): Promise<Verdict> {
  const faults = await CHECKS[kind](text);
  if (faults.length === 0) return { is: "valid", kind, by };
  return { is: "invalid", kind, by, faults: faults.slice(0, MOST_FAULTS), more: faults.length > MOST_FAULTS };
}

const MOST_CHARS = 10_000_000;
/** Some parsers call themselves for each level; one that runs out of stack may take the whole program with it. */
const MOST_LEVELS = 500;
const RECURSIVE: ReadonlySet<Kind> = new Set(["json", "jsonc", "yaml", "toml", "dockerfile"]);

/** Levels of brackets at most, those in strings counted too, and of YAML's indentation. */
function deepest(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) most = Math.max(most, ++depth);
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
  }
  return DEEPLY_INDENTED.test(text) ? MOST_LEVELS + 1 : most;
}

const DEEPLY_INDENTED = /^[ \t?:-]{1000}/m;
