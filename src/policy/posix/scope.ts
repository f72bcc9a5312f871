import type { Risk } from "../risk.ts";

/** What a name means since an alias or a function of this name was defined. */
export interface NewMeaning {
  readonly name: string;
  /** The text of an alias; undefined: a function. */
  readonly alias?: string;
  /** What calling the function comes to. */
  readonly risk?: Risk;
  /** Defined whatever happened before: a program of this name is out of reach. */
  readonly certain?: boolean;
}

/** What of the texts of a session lasts for the next one; plain data. */
export interface PosixState {
  /** The program that now reads what is typed: `python3`, `mysql`, `vi`, `ssh`, a root shell. */
  readonly opaque?: string;
  /** The folder that relative names count from, `~` at login; undefined: not known any more. */
  readonly folder?: string;
  /** Names that mean something else since they were defined. */
  readonly names: readonly NewMeaning[];
  /** Variables that decide which program a name means, or what else runs, and that were changed to something unknown. */
  readonly environment: readonly string[];
}

export const AT_LOGIN: PosixState = { folder: "~", names: [], environment: [] };

/** More names than this are not remembered one by one. */
const MOST_NAMES = 128;

/** What is known while a text is walked through, in its order. */
export interface Scope {
  folder: string | undefined;
  opaque: string | undefined;
  readonly names: Map<string, NewMeaning>;
  readonly environment: Set<string>;
  /** What a variable may hold; undefined for one that was changed to something unknown. Only of this text. */
  readonly variables: Map<string, readonly string[] | undefined>;
  /** Inside of a branch, a loop or a body: an assignment may or may not have happened. */
  branches: number;
}

export function scopeOf(state: PosixState): Scope {
  return {
    folder: state.folder,
    opaque: undefined,
    names: new Map(state.names.map((one) => [one.name, one])),
    environment: new Set(state.environment),
    variables: new Map(),
    branches: 0,
  };
}

export function stateOf(scope: Scope): PosixState {
  const names = [...scope.names.values()];
  const environment = [...scope.environment];
  if (names.length > MOST_NAMES) environment.push("more names than are remembered");
  return {
    ...(scope.opaque === undefined ? {} : { opaque: scope.opaque }),
    ...(scope.folder === undefined ? {} : { folder: scope.folder }),
    names: names.slice(0, MOST_NAMES),
    environment,
  };
}

/** The scope of a subshell: it sees everything, and what it changes is gone with it. */
export function inSubshell(scope: Scope): Scope {
  return {
    ...scope,
    opaque: undefined,
    names: new Map(scope.names),
    environment: new Set(scope.environment),
    variables: new Map(scope.variables),
  };
}

/** Values of one variable that are looked at one by one. */
const MOST_VALUES = 16;

/** Characters of a value that is remembered; `x=$x$x` doubles it each time. */
const LONGEST_VALUE = 2048;

/** Notes an assignment; `values` undefined: to something unknown. */
export function assign(scope: Scope, name: string, values: readonly string[] | undefined): void {
  const known =
    scope.branches > 0 && scope.variables.has(name) ? (scope.variables.get(name) ?? undefined) : [];
  const short = values?.every((value) => value.length <= LONGEST_VALUE) ?? false;
  const all =
    values === undefined || known === undefined || !short ? undefined : [...new Set([...known, ...values])];
  scope.variables.set(name, all !== undefined && all.length <= MOST_VALUES ? all : undefined);
}
