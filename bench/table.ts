/** One line of the result: what was measured, side by side in the same run. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly raw?: string;
  readonly openssh?: string;
  readonly multiplexed?: string;
  readonly ratio?: string;
  /** The aim in words; absent for a line that only informs. */
  readonly aim?: string;
  readonly met?: boolean;
}

const HEAD = [
  "what",
  "ours",
  "raw ssh2 (TCP_NODELAY)",
  "OpenSSH",
  "OpenSSH multiplexed",
  "ratio",
  "aim",
  "met",
];

export function markdownTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.ours,
    row.raw ?? "–",
    row.openssh ?? "–",
    row.multiplexed ?? "–",
    row.ratio ?? "–",
    row.aim ?? "–",
    row.met === undefined ? "–" : row.met ? "yes" : "**no**",
  ]);
  return [HEAD, HEAD.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
