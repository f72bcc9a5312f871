import type { Diagnosis, Finding, Section } from "./finding.ts";

/** The diagnosis as a person reads it: verdict, time, step, text; then what to do. */
export function report(name: string, diagnosis: Diagnosis): string {
  const { sections, next, inventory, healthy } = diagnosis;
  const blocks = sections.map(sectionText);
  if (next !== undefined) blocks.push(`Next: ${next}`);
  if (inventory !== undefined) {
    const lines = inventory.lines.map((line) => `      ${line}`);
    blocks.push(
      `In the inventory, to ${inventory.purpose}:\n\n  hosts:\n    ${inventory.host}:\n${lines.join("\n")}`,
    );
  }
  blocks.push(healthy ? `All is well with ${name}.` : `${name} does not work: see the line marked FAIL.`);
  return `${blocks.join("\n\n")}\n`;
}

const MARKS = { ok: "ok", warn: "warn", fail: "FAIL" } as const;

function sectionText({ title, findings }: Section): string {
  const lines = findings.flatMap(findingLines);
  return [...(title === undefined ? [] : [`${title}:`]), ...lines].join("\n");
}

function findingLines({ verdict, what, text, ms, details }: Finding): string[] {
  const time = ms === undefined ? "" : duration(ms);
  return [
    `${MARKS[verdict].padEnd(4)} ${time.padStart(9)}  ${what.padEnd(14)}  ${text}`,
    ...details.map((detail) => `${" ".repeat(34)}${detail}`),
  ];
}

/** `0.4 ms`, `12 ms`, `3.2 s`. */
function duration(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
