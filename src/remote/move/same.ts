import { createHash } from "node:crypto";
import type { FileFacts } from "../files/contract.ts";
import { FileReader } from "../files/stream.ts";
import type { Ends } from "./file.ts";
import type { Side } from "./side.ts";

/** Nobody need look further: of another size, or written at another time. Seconds are coarse; being like is not being the same. */
export function likeFile(source: FileFacts, there: FileFacts | undefined): boolean {
  return (
    there?.type === "file" &&
    source.mtime !== undefined &&
    source.size !== undefined &&
    source.size === there.size &&
    source.mtime === there.mtime
  );
}

/** Whether the bytes of each pair are the same, by SHA-256; undefined: a side could not tell. */
export async function sameBytes(
  { from, to, signal }: Pick<Ends, "from" | "to" | "signal">,
  pairs: readonly { readonly fromPath: string; readonly toPath: string }[],
): Promise<readonly (boolean | undefined)[]> {
  if (pairs.length === 0) return [];
  const [sources, targets] = await Promise.all([
    sumsOf(
      from,
      pairs.map(({ fromPath }) => fromPath),
      signal,
    ),
    sumsOf(
      to,
      pairs.map(({ toPath }) => toPath),
      signal,
    ),
  ]);
  return pairs.map((_, index) => {
    const [one, other] = [sources[index], targets[index]];
    return one === undefined || other === undefined ? undefined : one === other;
  });
}

/** Files here are read; of a host's only its own word is asked for. */
async function sumsOf(
  side: Side,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly (string | undefined)[]> {
  if (side.host !== undefined)
    return (
      (await side.sums?.(
        paths.map((path) => ({ path })),
        signal,
      )) ?? []
    );
  const sums: string[] = [];
  for (const path of paths) {
    const file = await side.files.open(path, "read");
    try {
      const hash = createHash("sha256");
      for await (const piece of new FileReader(file, side.files.window, { signal })) hash.update(piece);
      sums.push(hash.digest("hex"));
    } finally {
      await file.close();
    }
  }
  return sums;
}
