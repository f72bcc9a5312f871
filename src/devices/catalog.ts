import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import { compileDevice, type Device } from "./device.ts";
import { mergeProfiles } from "./merge.ts";
import { type Profile, profileSchema } from "./profile.ts";
import { builtinSources, ownSources, type Source } from "./source.ts";

/** Profiles by id: those of the program, and over them those of the operator's own folder. */
export interface Catalog {
  /** Ids, sorted; those of the operator's folder included. */
  ids(): readonly string[];
  /** The merged profile. @throws SshMcpError `inventory_invalid` for an unknown id, naming the nearest, or a bad file. */
  profile(id: string): Profile;
  /** The profile ready for use; compiled once. */
  device(id: string): Promise<Device>;
  /** The user-name suffix that wants to be known before login, and the identification line it belongs to. */
  loginHint(): { readonly ident: string; readonly suffix: string } | undefined;
  /** A sentence when a file of the operator's says that it is this profile under another file name; else empty. */
  strayFile(id: string): string;
  /** Where a profile comes from: `built in`, or the file. */
  origin(id: string): string;
  /** The profiles it starts from, nearest first, with their origins. */
  bases(id: string): readonly { readonly id: string; readonly origin: string }[];
}

const FIELDS = Object.keys(profileSchema.shape);
/** Faults of one file that are told at once. */
const MAX_FAULTS = 5;
const LOGIN_HINT = /"username_suffix"/;

/** Opens the built-in profiles and those of `dir`. Files are read once, checked when first asked for. */
export function openCatalog(options: { readonly dir?: string } = {}): Catalog {
  const builtin = builtinSources();
  const own = options.dir === undefined ? new Map<string, Source>() : ownSources(options.dir);
  const merged = new Map<string, Profile>();
  const devices = new Map<string, Promise<Device>>();
  const ids = [...new Set([...builtin.keys(), ...own.keys()])].sort();

  function checked(id: string, source: Source): Profile {
    if (source.fault !== undefined) throw invalid(id, source, source.fault);
    const parsed = profileSchema.safeParse(source.content);
    if (!parsed.success) throw invalid(id, source, told(parsed.error.issues, source));
    const { id: named, replaces = [] } = parsed.data;
    if (named !== id) throw invalid(id, source, `its id is "${named}"; file and id must be the same`);
    const stray = replaces.find((field) => !FIELDS.includes(field.split(".")[0] ?? ""));
    if (stray === undefined) return parsed.data;
    const [near] = nearest(stray, FIELDS);
    throw invalid(id, source, `replaces names "${stray}", which is no field; did you mean "${near}"?`);
  }

  /** `path`: the ids on the way here, to find a profile that extends itself. */
  function load(id: string, source: Source, path: readonly Source[]): Profile {
    if (path.includes(source)) throw invalid(id, source, "it extends itself");
    const profile = checked(id, source);
    const base = profile.extends;
    if (base === undefined) return profile;
    const found = baseOf(id, source, base);
    if (found === undefined)
      throw invalid(
        id,
        source,
        `it extends "${base}", which does not exist; nearest: ${nearest(base, ids).slice(0, 3).join(", ")}`,
      );
    return mergeProfiles(load(base, found, [...path, source]), profile);
  }

  /** An override that extends its own name means the built-in profile. */
  function baseOf(id: string, source: Source, base: string): Source | undefined {
    return base === id && own.get(id) === source ? builtin.get(base) : (own.get(base) ?? builtin.get(base));
  }

  /** A file's own patterns alone: a bad one is told with its line, which the merged lists no longer know. */
  async function checkPatterns(id: string, source: Source | undefined): Promise<void> {
    if (source === undefined || own.get(id) !== source) return;
    const profile = checked(id, source);
    await compileDevice(profile, (field) => {
      const line = source.lineOf(
        field
          .split(/[.[\]]+/)
          .filter((key) => key !== "")
          .map(keyOf),
      );
      return `device profile ${id} (${source.origin}): ${line === undefined ? "" : `${line}, `}${field}`;
    });
    if (profile.extends !== undefined)
      await checkPatterns(profile.extends, baseOf(id, source, profile.extends));
  }

  const catalog: Catalog = {
    ids: () => ids,
    strayFile(id) {
      const isIt = ({ content }: Source) =>
        typeof content === "object" && content !== null && "id" in content && content.id === id;
      const file = [...own.values()].find(isIt)?.origin;
      if (file === undefined) return "";
      return ` ${file} has this id: a profile's file is named after its id, ${id}.yaml.`;
    },
    profile(id) {
      const known = merged.get(id);
      if (known) return known;
      const source = own.get(id) ?? builtin.get(id);
      if (source === undefined)
        throw new SshMcpError(
          "inventory_invalid",
          `there is no platform "${visibleLine(id, 80)}"; nearest: ${nearest(id, ids).slice(0, 5).join(", ")}`,
          `ssh-mcp devices list shows all; posix and auto are platforms, too.${catalog.strayFile(id)}`,
        );
      const profile = load(id, source, []);
      merged.set(id, profile);
      return profile;
    },
    device(id) {
      let device = devices.get(id);
      if (!device) {
        device = Promise.resolve()
          .then(() => catalog.profile(id))
          .then(async (profile) => {
            await checkPatterns(id, own.get(id));
            return compileDevice(profile);
          });
        devices.set(id, device);
      }
      return device;
    },
    loginHint() {
      for (const id of ids) {
        const source = own.get(id) ?? builtin.get(id);
        if (source === undefined || !LOGIN_HINT.test(JSON.stringify(source.content))) continue;
        const { auth, detect } = catalog.profile(id);
        const [ident] = detect?.ssh_ident ?? [];
        if (auth?.username_suffix !== undefined && ident !== undefined)
          return { ident, suffix: auth.username_suffix };
      }
      return undefined;
    },
    origin: (id) => (own.get(id) ?? builtin.get(id))?.origin ?? "unknown",
    bases(id) {
      catalog.profile(id);
      const found: { id: string; origin: string }[] = [];
      let source = own.get(id) ?? builtin.get(id);
      for (let at = id; source !== undefined; ) {
        const base = checked(at, source).extends;
        if (base === undefined) break;
        source = baseOf(at, source, base);
        at = base;
        if (source !== undefined) found.push({ id: base, origin: source.origin });
      }
      return found;
    },
  };
  return catalog;
}

function told(
  issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
    readonly keys?: unknown;
  }[],
  source: Source,
): string {
  const faults = issues.slice(0, MAX_FAULTS).map(({ path, message, keys }) => {
    const place = path.map((key) => (typeof key === "number" ? key : String(key)));
    const line = source.lineOf(place, Array.isArray(keys) ? String(keys[0]) : undefined);
    return [line, place.join("."), message].filter((part) => part !== undefined && part !== "").join(": ");
  });
  if (issues.length > MAX_FAULTS) faults.push(`… and ${issues.length - MAX_FAULTS} more`);
  return faults.join("\n");
}

function keyOf(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

function invalid(id: string, source: Source, what: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `device profile ${id} (${source.origin}): ${what}`,
    "docs/profiles.md explains every field.",
  );
}
