import { type Profile, profileSchema } from "./profile.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * `child` over `base`: maps merge, lists go before the base's unless `replaces` names them; what `replaces` names and the
 * child has not is gone. Evidence is each file's own.
 */
export function mergeProfiles(base: Profile, child: Profile): Profile {
  const alone = new Set([...(child.replaces ?? []), "evidence"]);
  const { extends: _base, replaces: _replaces, ...own } = child;
  const { evidence: _evidence, ...inherited } = base;
  return profileSchema.parse(merge(inherited, own, alone, ""));
}

function merge(base: Fields, child: Fields, alone: ReadonlySet<string>, at: string): Fields {
  const kept = Object.entries(base).filter(([key]) => !alone.has(at === "" ? key : `${at}.${key}`));
  const merged: Record<string, unknown> = Object.fromEntries(kept);
  for (const [key, value] of Object.entries(child)) {
    if (value === undefined) continue;
    const path = at === "" ? key : `${at}.${key}`;
    const before = base[key];
    if (alone.has(path)) merged[key] = value;
    else if (Array.isArray(value) && Array.isArray(before)) merged[key] = [...value, ...before];
    else if (isFields(value) && isFields(before)) merged[key] = merge(before, value, alone, path);
    else merged[key] = value;
  }
  return merged;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
