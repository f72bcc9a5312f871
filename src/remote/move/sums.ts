import type { Summed } from "./side.ts";

/** What makes a SHA-256 of its input on the systems there are: GNU, Perl's, BSD, OpenSSL, BusyBox without links. */
const TOOLS = [
  ["sha256sum", "sha256sum"],
  ["shasum", "shasum -a 256"],
  ["sha256", "sha256"],
  ["openssl", "openssl dgst -sha256"],
  ["busybox", "busybox sha256sum"],
] as const;

/**
 * Input for a POSIX `sh`: prints a line `N HASH` for each file, numbered from 0; no hash, where it cannot be read. Files are
 * opened by the shell, so that no name is ever taken for an option.
 */
export function sumScript(files: readonly Summed[]): string {
  const choose = TOOLS.map(
    ([name, command], index) =>
      `${index === 0 ? "if" : "elif"} command -v ${name} >/dev/null 2>&1; then s() { ${command}; }`,
  );
  const lines = files.map(({ path, bytes }, index) => {
    const hash = bytes === undefined ? "s" : `head -c ${bytes} | s`;
    return `printf '%s ' ${index}; { ${hash}; } <${quoted(path)} || echo -`;
  });
  return `LC_ALL=C; export LC_ALL\n${choose.join("\n")}\nelse exit 127; fi\n${lines.join("\n")}\n`;
}

/** The hashes of the output of `sumScript`, in the order asked for. */
export function readSums(output: string, count: number): readonly (string | undefined)[] {
  const found = new Map<number, string>();
  for (const [, index, hash] of output.matchAll(/^(\d+) .*?\b([0-9a-f]{64})\b/gm))
    if (hash !== undefined) found.set(Number(index), hash);
  return Array.from({ length: count }, (_, index) => found.get(index));
}

/** One word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
