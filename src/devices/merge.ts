import { type Profile, profileSchema } from "./profile.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * `child` over `base`: maps merge, lists go before the base's unless `replaces` names them; what `replaces` names and the
 * child has not is gone. Evidence, the rows at which a device waits for a key, and how it undoes a change are each platform's own:
 * what resembles another in its words need not undo anything.
 */
export function mergeProfiles(base: Profile, child: Profile): Profile {
  const alone = new Set([...(child.replaces ?? []), "evidence", "wake"]);
  const { extends: _base, replaces: _replaces, ...own } = child;
  const { evidence: _evidence, wake: _wake, change, ...others } = base;
  const inherited = change === undefined || base.id !== child.id ? others : { ...others, change };
  return profileSchema.parse(merge(inherited, own, alone, ""));
}

function merge(base: Fields, child: Fields, alone: ReadonlySet<string>, at: string): Fields {
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(child)])) {
    const path = at === "" ? key : `${at}.${key}`;
    const before = alone.has(path) ? undefined : base[key];
    const value = child[key];
    if (isFields(before) && (isFields(value) || value === undefined))
      merged[key] = merge(before, value ?? {}, alone, path);
    else if (Array.isArray(value) && Array.isArray(before)) merged[key] = [...value, ...before];
    else if (value !== undefined || before !== undefined) merged[key] = value ?? before;
  }
  return merged;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
