/** How a piece of a row looks. */
export interface Look {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly hidden: boolean;
  readonly struck: boolean;
  /** Number of a palette, or a colour of CSS. */
  readonly front: number | string | undefined;
  readonly back: number | string | undefined;
}

export const PLAIN: Look = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  hidden: false,
  struck: false,
  front: undefined,
  back: undefined,
};

const SEQUENCE = /\u001b\[([\d;]*)m/g;

/** A painted row in pieces of one look (ECMA-48 8.3.117); only what our own painter writes is understood. */
export function piecesOf(row: string): readonly { readonly text: string; readonly look: Look }[] {
  const pieces: { text: string; look: Look }[] = [];
  let [from, look] = [0, PLAIN];
  for (const found of row.matchAll(SEQUENCE)) {
    if (found.index > from) pieces.push({ text: row.slice(from, found.index), look });
    look = lookOf(look, (found[1] ?? "").split(";").map(Number));
    from = found.index + found[0].length;
  }
  if (from < row.length) pieces.push({ text: row.slice(from), look });
  return pieces;
}

function lookOf(before: Look, codes: readonly number[]): Look {
  let look = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) look = PLAIN;
    else if (code === 38 || code === 48) {
      const rgb = codes[at + 1] === 2;
      const [red = 0, green = 0, blue = 0] = codes.slice(at + 2, at + 5);
      const colour = rgb ? `rgb(${red},${green},${blue})` : red;
      look = code === 38 ? { ...look, front: colour } : { ...look, back: colour };
      at += rgb ? 4 : 2;
    } else look = { ...look, ...single(code) };
  }
  return look;
}

function single(code: number): Partial<Look> {
  if (code >= 30 && code < 38) return { front: code - 30 };
  if (code >= 40 && code < 48) return { back: code - 40 };
  if (code >= 90 && code < 98) return { front: code - 82 };
  if (code >= 100 && code < 108) return { back: code - 92 };
  const named: Readonly<Record<number, Partial<Look>>> = {
    1: { bold: true },
    2: { dim: true },
    3: { italic: true },
    4: { underline: true },
    7: { inverse: true },
    8: { hidden: true },
    9: { struck: true },
  };
  return named[code] ?? {};
}

const FIRST = [
  "#2e3436",
  "#ef5350",
  "#4ac26b",
  "#d9a520",
  "#5aa2f7",
  "#b48ef0",
  "#39c0c8",
  "#d0d7de",
  "#8b949e",
  "#ff7b72",
  "#7ee2a0",
  "#f2cc60",
  "#8cc2ff",
  "#d2b3ff",
  "#7fe0e6",
  "#ffffff",
];

/** A colour of the palette of 256, as xterm has it behind the first sixteen. */
export function colour(value: number | string): string {
  if (typeof value === "string") return value;
  if (value < 16) return FIRST[value] ?? "#ffffff";
  if (value >= 232)
    return `rgb(${Array(3)
      .fill(8 + (value - 232) * 10)
      .join(",")})`;
  const step = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = value - 16;
  return `rgb(${step(Math.floor(cube / 36))},${step(Math.floor(cube / 6) % 6)},${step(cube % 6)})`;
}
