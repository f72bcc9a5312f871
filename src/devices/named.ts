import type { Catalog } from "./catalog.ts";

/** Tells whether a server's identification or a row of its banner names a network device. */
export interface DeviceNames {
  ident(ident: string): boolean;
  banner(row: string): boolean;
  /** The profile whose menu this row is, where a command line begins with one. */
  menu(row: string): string | undefined;
}

const known = new WeakMap<Catalog, Promise<DeviceNames>>();

/** The names of all devices of a catalog; compiled once. A profile with a mistake names nothing. */
export function deviceNames(catalog: Catalog): Promise<DeviceNames> {
  const names = known.get(catalog) ?? compiled(catalog);
  known.set(catalog, names);
  return names;
}

async function compiled(catalog: Catalog): Promise<DeviceNames> {
  const { RE2JS } = await import("re2js");
  const idents = new Set<string>();
  const banners = new Set<string>();
  const menus: { readonly id: string; readonly source: string }[] = [];
  for (const id of catalog.ids()) {
    try {
      const { detect, framing, prompts = [] } = catalog.profile(id);
      if (framing === "sentinel") continue;
      for (const ident of detect?.ssh_ident ?? []) idents.add(ident);
      for (const banner of detect?.banner ?? []) banners.add(banner);
      for (const { mode, match } of prompts) if (mode === "menu") menus.push({ id, source: match });
    } catch {
      // Told where the profile is asked for by name.
    }
  }
  const anyOf = (sources: ReadonlySet<string>) => {
    const patterns = [...sources].flatMap((source) => {
      try {
        return [RE2JS.compile(source)];
      } catch {
        return [];
      }
    });
    return (row: string) => patterns.some((pattern) => pattern.test(row));
  };
  const tests = menus.map(({ id, source }) => ({ id, test: anyOf(new Set([source])) }));
  return {
    ident: anyOf(idents),
    banner: anyOf(banners),
    menu: (row) => tests.find(({ test }) => test(row))?.id,
  };
}
