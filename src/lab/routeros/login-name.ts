/** What the user asked of the console with the suffix of the login name. */
export interface ConsoleOptions {
  readonly user: string;
  readonly colours: boolean;
  readonly detection: boolean;
  readonly dumb: boolean;
  readonly width?: number;
  readonly height?: number;
}

const SUFFIX = /^(?:\d{0,5}[a-z])+$/;
const LEAST = { width: 20, height: 4 };
const MOST = 10_000;

/**
 * `admin+ct200w50h`: `c` no colours, `t` no detection, `e` dumb terminal, `<n>w`, `<n>h` size (MikroTik manual, "Console
 * login process"). A suffix that does not follow that grammar is part of the name.
 */
export function parseLoginName(login: string): ConsoleOptions {
  const plus = login.lastIndexOf("+");
  const suffix = plus < 0 ? "" : login.slice(plus + 1);
  if (!SUFFIX.test(suffix)) return { user: login, colours: true, detection: true, dumb: false };
  const letters = new Map<string, number | undefined>();
  for (const [, number, letter = ""] of suffix.matchAll(/(\d*)([a-z])/g))
    letters.set(letter, number === undefined || number === "" ? undefined : Number(number));
  const width = letters.get("w");
  const height = letters.get("h");
  return {
    user: login.slice(0, plus),
    colours: !letters.has("c"),
    detection: !letters.has("t"),
    dumb: letters.has("e"),
    ...(width === undefined ? {} : { width: sensibleSize(width, LEAST.width) }),
    ...(height === undefined ? {} : { height: sensibleSize(height, LEAST.height) }),
  };
}

export function sensibleSize(value: number, least: number): number {
  return Number.isFinite(value) ? Math.min(MOST, Math.max(least, Math.trunc(value))) : least;
}

/** The size of a terminal that told nothing useful. */
export function sensibleTerminal(cols: number, rows: number): { width: number; height: number } {
  return {
    width: sensibleSize(cols > 0 ? cols : 80, LEAST.width),
    height: sensibleSize(rows > 0 ? rows : 24, LEAST.height),
  };
}
