import type { EditValue } from "../document/edits.ts";
import { platformCalled } from "../platform-meant.ts";
import { builtinIds } from "../platforms.ts";

/** A host of another program's file on its way into the inventory. */
export interface Draft {
  readonly name: string;
  readonly entry: { readonly [key: string]: EditValue };
  /** Why it is not imported: what it says has no counterpart, and would be loosened or lost. */
  readonly stops: readonly string[];
  /** Secrets that are left out: they have to be configured. */
  readonly secrets: readonly string[];
  /** What is different here, and does not stop it. */
  readonly notes: readonly string[];
}

/** What a file of another program has. */
export interface Imported {
  /** What the file is, as in a sentence: `an inventory of Ansible`. */
  readonly what: string;
  readonly drafts: readonly Draft[];
  readonly notes: readonly string[];
  /** Settings that are needed with the hosts, where the inventory has none of its own. */
  readonly settings?: { readonly [key: string]: EditValue };
}

/** Collects what is known of one host. */
export class DraftMaker {
  readonly name: string;
  readonly #entry: Record<string, EditValue> = {};
  readonly #stops: string[] = [];
  readonly #secrets: string[] = [];
  readonly #notes: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Sets a key; undefined and empty texts are nothing. */
  set(key: string, value: EditValue | undefined): this {
    if (value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0))
      this.#entry[key] = value;
    return this;
  }

  has(key: string): boolean {
    return key in this.#entry;
  }

  stop(why: string): this {
    this.#stops.push(why);
    return this;
  }

  note(what: string): this {
    this.#notes.push(what);
    return this;
  }

  /** A secret that the file holds in plain text, or a reference that means nothing here. */
  secret(what: string, instead: string): this {
    this.#secrets.push(`its ${what} is not imported; configure it: ${instead}`);
    return this;
  }

  password(): this {
    return this.secret(
      "password",
      `ssh-mcp hosts set ${this.name} auth.method=password auth.password_env=VARIABLE`,
    );
  }

  enable(): this {
    return this.secret("enable password", `ssh-mcp hosts set ${this.name} enable_env=VARIABLE`);
  }

  passphrase(): this {
    return this.secret("passphrase", `ssh-mcp hosts set ${this.name} auth.passphrase_env=VARIABLE`);
  }

  /** A port; a text of digits is one, too. */
  port(value: unknown): this {
    if (value === undefined || value === null || value === "") return this;
    const port = Number(value);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      return this.stop("its port is no number from 1 to 65535");
    return port === 22 ? this : this.set("port", port);
  }

  /** A platform by the name another program has for it; an unknown one is found out at login. */
  platform(value: unknown): this {
    if (typeof value !== "string" || value === "") return this;
    const known = platformCalled(value.replace(/_(?:ssh|telnet)$/, ""), builtinIds());
    if (/_telnet$/.test(value)) return this.stop(`it is reached by Telnet (${value})`);
    if (known === undefined) this.note(`the platform "${value}" is none of ours and is found out at login`);
    return this.set("platform", known);
  }

  /** A private key. A relative path would lead elsewhere from another folder. */
  key(path: unknown): this {
    if (typeof path !== "string" || path === "") return this;
    if (!/^(?:\/|~\/)/.test(path)) return this.stop(`its key file has a relative path (${path})`);
    return this.set("auth", { method: "key", key_path: path });
  }

  done(): Draft {
    return {
      name: this.name,
      entry: this.#entry,
      stops: this.#stops,
      secrets: this.#secrets,
      notes: this.#notes,
    };
  }
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text or a number as text; undefined: it is neither. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}
