import { BOTTOM } from "./ansi.ts";
import { isSince, type RouterOsConfig } from "./config.ts";
import type { Surface } from "./painter.ts";

const LOGO = [
  "  MMM      MMM       KKK                          TTTTTTTTTTT      KKK",
  "  MMMM    MMMM       KKK                          TTTTTTTTTTT      KKK",
  "  MMM MMMM MMM  III  KKK  KKK  RRRRRR     OOOOOO      TTT     III  KKK  KKK",
  "  MMM  MM  MMM  III  KKKKK     RRR  RRR  OOO  OOO     TTT     III  KKKKK",
  "  MMM      MMM  III  KKK KKK   RRRRRR    OOO  OOO     TTT     III  KKK KKK",
  "  MMM      MMM  III  KKK  KKK  RRR  RRR   OOOOOO      TTT     III  KKK  KKK",
];

/** What RouterOS 6 prints in place of "Press F1 for help". */
const HELP_6 = [
  "[?]             Gives the list of available commands",
  "command [?]     Gives help on the command and list of arguments",
  "",
  "[Tab]           Completes the command/word. If the input is ambiguous,",
  "                a second [Tab] gives possible options",
  "",
  "/               Move up to base level",
  "..              Move up one level",
  "/command        Use command at the base level",
];

/** Years in which the versions of RouterOS 7 came out, newest first. */
const YEARS: readonly (readonly [since: string, year: number])[] = [
  ["7.22", 2026],
  ["7.18", 2025],
  ["7.13", 2024],
  ["7.7", 2023],
];
/** Empty rows before the logo, at most; captured from a terminal of 25 rows. */
const MOST_EMPTY_ROWS = 26;

/** From the first byte to the version row. */
export function banner(config: RouterOsConfig, surface: Surface): string {
  const empty = "\r\n".repeat(Math.min(surface.height + 1, MOST_EMPTY_ROWS));
  const logo = LOGO.map((row) => `${row}\r\n`).join("");
  return `${empty}\n${logo}\n${versionRow(config)}\r\n\r\n`;
}

function versionRow(config: RouterOsConfig): string {
  if (!isSince(config, "7.0"))
    return `  MikroTik RouterOS ${config.version} (c) 1999-2024       http://www.mikrotik.com/`;
  const [, year] = YEARS.find(([since]) => isSince(config, since)) ?? ["", 2022];
  return `  MikroTik RouterOS ${config.version} (c) 1999-${year}       https://www.mikrotik.com/`;
}

/** From the version row to where terminal detection begins. */
export function helpRows(config: RouterOsConfig, surface: Surface): string {
  const down = surface.dumb ? "\r" : `\r${BOTTOM}\r${BOTTOM}`;
  const help = isSince(config, "7.0") ? ["Press F1 for help"] : HELP_6;
  return `\r\n${help.map((row) => `${row}\r\n`).join("")}${down}`;
}
