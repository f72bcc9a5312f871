import { DEFAULT_LEVEL, type HostPolicy, type PolicyRule } from "../base/contract/policy.ts";
import { parseWindow } from "./change-window.ts";
import type { PolicyEntry } from "./policy-schema.ts";
import type { GroupEntry, InventoryFile } from "./schema.ts";
import type { YamlSource } from "./yaml-source.ts";

type Whole = Exclude<PolicyEntry, string>;
type RuleEntry = NonNullable<Whole["rules"]>[number];

/** Where each rule that was read is written; what a rule says is said with it. */
const places = new WeakMap<RuleEntry, string>();

/** The narrowest layer first. Rules only ever add up; of everything else the narrowest value counts. */
export function policyOf(
  layers: readonly Pick<GroupEntry, "policy">[],
  denyPatterns: readonly string[],
): HostPolicy {
  const policies = layers.flatMap(({ policy }) => (policy === undefined ? [] : [whole(policy)]));
  const pick = <T>(get: (policy: Whole) => T | undefined): T | undefined =>
    policies.map(get).find((value) => value !== undefined);
  const windows = pick(({ change_windows: given }) => (typeof given === "string" ? [given] : given));
  const mayConfirm = pick((policy) => policy.agent_may_confirm);
  const perMinute = pick((policy) => policy.commands_per_minute);
  const hostsPerCall = pick((policy) => policy.hosts_per_call);
  const hostsPerWindow = pick((policy) => policy.hosts_per_window);
  return {
    denyPatterns,
    level: pick(({ level }) => level) ?? DEFAULT_LEVEL,
    rules: policies.flatMap(({ rules = [] }) => rules.flatMap(ruleOf)),
    approval: pick(({ approval }) => approval) ?? "any",
    ...(mayConfirm === true ? { agentMayConfirm: true } : {}),
    ...(windows === undefined ? {} : { windows: windows.flatMap((one) => parseWindow(one) ?? []) }),
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(hostsPerCall === undefined ? {} : { hostsPerCall }),
    ...(hostsPerWindow === undefined ? {} : { hostsPerWindow }),
  };
}

/** What of the user's own defaults holds for a project's host: nothing that loosens. */
export function withoutLoosening(policy: PolicyEntry | undefined): PolicyEntry | undefined {
  if (policy === undefined) return undefined;
  const { level, rules = [], agent_may_confirm: _, ...rest } = whole(policy);
  return {
    ...rest,
    ...(level === "read_only" ? { level } : {}),
    rules: rules.filter(({ allow }) => allow === undefined),
  };
}

function whole(policy: PolicyEntry): Whole {
  return typeof policy === "string" ? { level: policy } : policy;
}

function ruleOf(rule: RuleEntry): readonly PolicyRule[] {
  const { why } = rule;
  return (["deny", "ask", "allow"] as const).flatMap((is) => {
    const pattern = rule[is];
    if (pattern === undefined) return [];
    const at = places.get(rule) ?? "the inventory";
    return [{ is, pattern, at, ...(why === undefined ? {} : { why }) }];
  });
}

/** A rule of a file, and the path of its keys there. */
export interface PlacedRule {
  readonly rule: RuleEntry;
  readonly path: readonly (string | number)[];
}

export function rulesIn(file: InventoryFile): readonly PlacedRule[] {
  const entries: [readonly string[], Partial<GroupEntry> | null | undefined][] = [
    [["defaults"], file.defaults],
    ...Object.entries(file.groups ?? {}).map(([name, entry]): (typeof entries)[number] => [
      ["groups", name],
      entry,
    ]),
    ...Object.entries(file.hosts ?? {}).map(([name, entry]): (typeof entries)[number] => [
      ["hosts", name],
      entry,
    ]),
  ];
  return entries.flatMap(([path, entry]) => {
    const policy = entry?.policy;
    if (policy === undefined || typeof policy === "string") return [];
    return (policy.rules ?? []).map((rule, index) => ({ rule, path: [...path, "policy", "rules", index] }));
  });
}

/** Remembers where the rules of a file are written. */
export function placeRules(file: InventoryFile, source: YamlSource, name: string): void {
  for (const { rule, path } of rulesIn(file)) places.set(rule, `${name}:${source.lineOf(path)}`);
}
