import { DISGUISE } from "../../base/text.ts";
import type { FileFacts, FileType } from "./contract.ts";

/**
 * A name or a path as it can be given back: plain where it holds nothing that misleads, else in JSON quotes with every
 * control, bidi and invisible character as `\uXXXX`.
 */
export function shownName(name: string): string {
  const plain =
    !new RegExp(DISGUISE.source, "u").test(name) && !/^[\s"]|\s$|["\\\n\t]| -> /.test(name) && name !== "";
  if (plain) return name;
  return JSON.stringify(name).replace(DISGUISE, (char) =>
    [...Array(char.length).keys()]
      .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

const LETTERS: Readonly<Record<FileType, string>> = {
  file: "-",
  dir: "d",
  link: "l",
  fifo: "p",
  socket: "s",
  char_device: "c",
  block_device: "b",
  unknown: "?",
};

/** `-rw-r--r--`, as `ls` has it; `?????????` where no mode is known. */
export function modeText({ type, mode }: Pick<FileFacts, "type" | "mode">): string {
  if (mode === undefined) return `${LETTERS[type]}?????????`;
  const bits = [6, 3, 0].map((shift) => {
    const three = (mode >> shift) & 7;
    return [three & 4 ? "r" : "-", three & 2 ? "w" : "-", three & 1 ? "x" : "-"];
  });
  const special = (bit: number, who: number, letter: string) => {
    const three = bits[who];
    if ((mode & bit) !== 0 && three !== undefined)
      three[2] = three[2] === "x" ? letter : letter.toUpperCase();
  };
  special(0o4000, 0, "s");
  special(0o2000, 1, "s");
  special(0o1000, 2, "t");
  return `${LETTERS[type]}${bits.flat().join("")}`;
}

/** `2026-11-30T06:04:42Z`, of seconds since 1970; `-` where it is not known. */
export function timeText(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return "-";
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "-" : date.toISOString().replace(".000", "");
}

const WORDS: Readonly<Record<FileType, string>> = {
  file: "a file",
  dir: "a folder",
  link: "a link",
  fifo: "a FIFO",
  socket: "a socket",
  char_device: "a device",
  block_device: "a device",
  unknown: "something of an unknown kind",
};

export function typeWord(type: FileType): string {
  return WORDS[type];
}
