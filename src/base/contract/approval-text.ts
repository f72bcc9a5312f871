import { visible, visibleLine } from "../text.ts";
import type { ApprovalQuestion } from "./caller.ts";

/** What a person reads before they decide: where it would run, the text itself, and what speaks against it. */
export function approvalText(question: ApprovalQuestion): string {
  const { host, address, hosts, session, mode, what, text, risk, reasons } = question;
  const on = hosts === undefined ? `${host} (${address})` : `${hosts.length} hosts: ${named(hosts)}`;
  const place = [
    ...(session === undefined ? [] : [`session ${session}`]),
    ...(mode === undefined ? [] : [`mode ${mode}`]),
  ];
  return [
    `An agent wants to ${WORDS[what] ?? what} on ${visibleLine(on, 2_000)}${place.length === 0 ? "" : `, ${place.join(", ")}`}:`,
    "",
    ...visible(text)
      .split("\n")
      .map((line) => `    ${line}`),
    "",
    `Risk: ${risk}`,
    ...reasons.map((reason) => `- ${visibleLine(reason, 700)}`),
  ].join("\n");
}

const WORDS: Readonly<Record<string, string>> = {
  run: "run a command",
  exec: "run a command",
  type: "type keys",
  write: "write a file",
  edit: "edit a file",
  upload: "upload to",
  sync: "copy to",
  host_key: "trust a new host key",
};

const NAMED = 40;

function named(hosts: readonly string[]): string {
  const more = hosts.length > NAMED ? `, … and ${hosts.length - NAMED} more` : "";
  return `${hosts.slice(0, NAMED).join(", ")}${more}`;
}
