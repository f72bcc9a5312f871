import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { nearest } from "../base/text.ts";
import { builtinProfiles } from "./builtin.ts";
import { compileDevice, type Device } from "./device.ts";
import { mergeProfiles } from "./merge.ts";
import { type Profile, profileSchema } from "./profile.ts";

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
  /** Where a profile comes from: `built in`, or the file. */
  origin(id: string): string;
}

/** A profile's source: unchecked content and where it stands. */
interface Source {
  readonly content: unknown;
  readonly origin: string;
}

const LOGIN_HINT = /"username_suffix"/;

/** Opens the built-in profiles and those of `dir`. Files are read once, checked when first asked for. */
export function openCatalog(options: { readonly dir?: string } = {}): Catalog {
  const builtin = new Map<string, Source>(
    [...builtinProfiles()].map(([id, content]) => [id, { content, origin: "built in" }]),
  );
  const own = options.dir === undefined ? new Map<string, Source>() : readFolder(options.dir);
  const merged = new Map<string, Profile>();
  const devices = new Map<string, Promise<Device>>();
  const ids = [...new Set([...builtin.keys(), ...own.keys()])].sort();

  function checked(id: string, source: Source): Profile {
    const parsed = profileSchema.safeParse(source.content);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw invalid(
        id,
        source.origin,
        `${issue?.path.join(".") || "profile"}: ${issue?.message ?? "invalid"}`,
      );
    }
    if (parsed.data.id !== id)
      throw invalid(id, source.origin, `its id is "${parsed.data.id}"; file and id must be the same`);
    return parsed.data;
  }

  /** `path`: the ids on the way here, to find a profile that extends itself. */
  function load(id: string, source: Source, path: readonly Source[]): Profile {
    if (path.includes(source)) throw invalid(id, source.origin, "it extends itself");
    const profile = checked(id, source);
    const base = profile.extends;
    if (base === undefined) return profile;
    // An override that extends its own name means the built-in profile.
    const found =
      base === id && own.get(id) === source ? builtin.get(base) : (own.get(base) ?? builtin.get(base));
    if (found === undefined)
      throw invalid(
        id,
        source.origin,
        `it extends "${base}", which does not exist; nearest: ${nearest(base, ids).slice(0, 3).join(", ")}`,
      );
    return mergeProfiles(load(base, found, [...path, source]), profile);
  }

  const catalog: Catalog = {
    ids: () => ids,
    profile(id) {
      const known = merged.get(id);
      if (known) return known;
      const source = own.get(id) ?? builtin.get(id);
      if (source === undefined)
        throw new SshMcpError(
          "inventory_invalid",
          `there is no platform "${id}"; nearest: ${nearest(id, ids).slice(0, 5).join(", ")}`,
          "ssh-mcp devices list shows all; posix and auto are platforms, too.",
        );
      const profile = load(id, source, []);
      merged.set(id, profile);
      return profile;
    },
    device(id) {
      let device = devices.get(id);
      if (!device) {
        device = Promise.resolve().then(() => compileDevice(catalog.profile(id)));
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
  };
  return catalog;
}

function readFolder(dir: string): Map<string, Source> {
  let files: string[];
  try {
    files = readdirSync(dir).filter((file) => /\.ya?ml$/.test(file));
  } catch (error) {
    throw new SshMcpError(
      "inventory_invalid",
      `devices_dir ${dir} cannot be read: ${messageOf(error)}`,
      "Create the folder or remove settings.devices_dir.",
    );
  }
  return new Map(
    files.sort().map((file) => {
      const path = join(dir, file);
      const document = parseDocument(readFileSync(path, "utf8"));
      const [error] = document.errors;
      const id = file.replace(/\.ya?ml$/, "");
      if (error) throw invalid(id, path, error.message.split("\n")[0] ?? "not YAML");
      return [id, { content: document.toJS(), origin: path }];
    }),
  );
}

function invalid(id: string, origin: string, what: string): SshMcpError {
  return new SshMcpError(
    "inventory_invalid",
    `device profile ${id} (${origin}): ${what}`,
    "docs/profiles.md explains every field.",
  );
}
