import { visibleLine } from "../../base/text.ts";
import { type Message, methodOf, nameOf } from "./sip.ts";

/** Ends that have a column; a message of others is written out. */
const MOST_COLUMNS = 5;
const WIDTH = 30;
const TIME = 10;
const MOST_LABEL = WIDTH - 6;

/** Messages between their ends, one row each, the time since the first on the left. */
export function ladder(messages: readonly Message[]): string[] {
  const [first] = messages;
  if (first === undefined) return [];
  const ends = [...new Set(messages.flatMap(({ from, to }) => [nameOf(from), nameOf(to)]))];
  const columns = ends.slice(0, MOST_COLUMNS);
  const place = (at: number) => TIME + 10 + at * WIDTH;
  const head = columns.reduce((line, name, at) => {
    const shown = visibleLine(name, WIDTH - 2);
    return line.padEnd(Math.max(0, place(at) - Math.floor(shown.length / 2))) + shown;
  }, "");
  const rows = messages.map((message) => {
    const time = (message.at - first.at).toFixed(3).padStart(TIME - 1);
    const [a, b] = [columns.indexOf(nameOf(message.from)), columns.indexOf(nameOf(message.to))];
    if (a < 0 || b < 0)
      return `${time}  ${nameOf(message.from)} -> ${nameOf(message.to)}: ${labelOf(message)}`;
    const chars = [...time.padEnd(place(columns.length - 1) + 1)];
    for (const at of columns.keys()) chars[place(at)] = "|";
    const line = (text: string) => text.trimEnd();
    if (a === b) return line(`${chars.join("")} ${labelOf(message)} (to itself)`);
    const [left, right] = [place(Math.min(a, b)), place(Math.max(a, b))];
    for (let at = left + 1; at < right; at++) chars[at] = "-";
    chars[a < b ? right - 1 : left + 1] = a < b ? ">" : "<";
    // Within the part next to its sender's column, so that a line across others is read from there.
    const label = ` ${labelOf(message)} `;
    const from = a < b ? left + 2 : right - WIDTH + 3;
    for (const [at, char] of [...label].entries()) chars[from + at] = char;
    return line(chars.join(""));
  });
  return [head.trimEnd(), ...rows];
}

function labelOf(message: Message): string {
  const { status, reason = "", method = "", again, body } = message;
  const what = status === undefined ? method : `${status} ${reason || methodOf(message)}`;
  const marks = `${/^v=0\r?$/m.test(body) ? " (sdp)" : ""}${again ? " again" : ""}`;
  return `${visibleLine(what, MOST_LABEL - marks.length)}${marks}`;
}
