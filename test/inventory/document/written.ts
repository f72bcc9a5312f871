/** A piece of an inventory's text and the entry that its bytes belong to, as `hosts.web1.user`. */
export interface Piece {
  readonly text: string;
  readonly owner: string;
}

/** An inventory as somebody may have written it. */
export interface Written {
  readonly pieces: readonly Piece[];
  readonly value: Readonly<Record<string, unknown>>;
  /** Paths of values that are shared by anchor and alias: edits there may be refused. */
  readonly shared: readonly string[];
}

/** One of several, by chance. */
export type Choose = <T>(first: T, ...others: readonly T[]) => T;

export function written(choose: Choose): Written {
  return new Writer(choose).file();
}

const COMMENTS = ["# one", "#two: {", "# hosts:", "# - 'x", "#"];

class Writer {
  readonly #choose: Choose;
  readonly #pieces: Piece[] = [];
  readonly #shared: string[] = [];
  readonly #eol: string;
  readonly #step: string;

  constructor(choose: Choose) {
    this.#choose = choose;
    this.#eol = choose("\n", "\n", "\r\n");
    this.#step = choose("  ", "  ", "    ");
  }

  file(): Written {
    const value: Record<string, unknown> = {};
    this.#put("", this.#choose("", "", "\uFEFF"));
    this.#between("");
    const rest = ["settings", "defaults"].filter(() => this.#choose(true, false));
    const sections = this.#choose(true, false) ? ["hosts", ...rest] : [...rest, "hosts"];
    for (const section of sections) {
      value[section] = section === "hosts" ? this.#hosts() : this.#entry(section, section, "");
      this.#between("");
    }
    this.#put("(end)", "");
    const last = this.#pieces.findLastIndex(({ text }) => text !== "");
    const piece = this.#pieces[last];
    if (piece?.owner === "" && piece.text.startsWith("#") && this.#choose(true, false))
      this.#pieces[last] = { ...piece, text: piece.text.replace(/\r?\n$/, "") };
    return { pieces: this.#pieces, value, shared: this.#shared };
  }

  #put(owner: string, text: string): void {
    this.#pieces.push({ owner, text });
  }

  /** Blank lines and comments, indented like nothing in particular. */
  #between(indent: string): void {
    while (this.#choose(true, false, false))
      this.#put("", `${this.#choose("", indent, ` ${indent}`)}${this.#choose("", ...COMMENTS)}${this.#eol}`);
  }

  /** The end of a line of content: perhaps a comment, which goes with its line. */
  #lineEnd(owner: string): void {
    this.#put(owner, this.#choose("", "", ` ${this.#choose("#", ...COMMENTS)}`, "  ") + this.#eol);
  }

  #hosts(): unknown {
    const names = ["web1", "db-2", "sw3", "10"].slice(0, this.#choose(0, 1, 2, 3, 4));
    this.#put("hosts", "hosts:");
    this.#put("hosts(value)", "");
    if (names.length === 0) {
      const [text, value] = this.#choose<[string, unknown]>([" {}", {}], ["", null], [" ~", null]);
      this.#put("hosts(value)", text);
      this.#lineEnd("hosts");
      this.#put("hosts(end)", "");
      return value;
    }
    this.#lineEnd("hosts");
    const hosts: Record<string, unknown> = {};
    for (const name of names) {
      this.#between(this.#step);
      hosts[name] = this.#entry(`hosts.${name}`, name, this.#step);
    }
    this.#put("hosts(end)", "");
    return hosts;
  }

  /** A host, or the defaults: over lines, within braces, or empty. */
  #entry(path: string, name: string, indent: string): unknown {
    const style = this.#choose("block", "block", "flow", "{}", "");
    const key = this.#choose(name, name, `'${name}'`, `"${name}"`);
    this.#put(path, `${indent}${key}:`);
    this.#put(`${path}(value)`, "");
    const keys =
      path === "settings"
        ? ["max_sessions", "audit_log"]
        : this.#keys().filter((key) => key !== "host" || path !== "defaults");
    if (style === "flow") return this.#flow(path, keys, indent);
    if (style !== "block" || keys.length === 0) {
      this.#put(`${path}(value)`, style === "" ? "" : " {}");
      this.#lineEnd(path);
      this.#put(`${path}(end)`, "");
      return style === "" ? null : {};
    }
    this.#lineEnd(path);
    const inner = indent + this.#step;
    const entry: Record<string, unknown> = {};
    for (const one of keys) {
      // A comment between two keys goes when the host goes.
      if (this.#choose(true, false, false))
        this.#put(path, `${inner}${this.#choose("#", ...COMMENTS)}${this.#eol}`);
      entry[one] = this.#block(`${path}.${one}`, one, inner);
    }
    this.#put(`${path}(end)`, "");
    return entry;
  }

  #keys(): string[] {
    const all = ["host", "user", "port", "description", "tags", "auth", "timeouts"];
    return all.filter(() => this.#choose(true, false));
  }

  #flow(path: string, keys: readonly string[], indent: string): unknown {
    const entry: Record<string, unknown> = {};
    const lines = this.#choose(true, false, false);
    const gap = () => (lines ? this.#choose(" ", `${this.#eol}${indent}    `) : this.#choose("", " ", "  "));
    this.#put(path, " {");
    this.#put(path, keys.length === 0 ? "" : gap());
    for (const [index, key] of keys.entries()) {
      const at = `${path}.${key}`;
      const [text, value] = this.#inline(key);
      this.#put(at, `${key}: ${text}`);
      entry[key] = value;
      if (index < keys.length - 1) this.#put(`${path}(comma)`, `,${gap() || " "}`);
    }
    this.#put(`${path}(end)`, "");
    if (keys.length > 0) this.#put(`${path}(comma)`, this.#choose("", "", " ,"));
    this.#put(path, `${keys.length === 0 ? "" : gap()}}`);
    this.#lineEnd(path);
    return entry;
  }

  #block(path: string, key: string, indent: string): unknown {
    this.#put(path, `${indent}${key}:`);
    const long = this.#choose(true, false);
    if (long && key === "tags") {
      const dash = this.#choose(indent, `${indent}  `);
      this.#lineEnd(path);
      for (const tag of ["a", "b"]) {
        this.#put(path, `${dash}- ${tag}`);
        this.#lineEnd(path);
      }
      return ["a", "b"];
    }
    if (long && key === "description") {
      this.#put(
        path,
        ` |${this.#eol}${indent}  first # no comment${this.#eol}${indent}  second: it${this.#eol}`,
      );
      return "first # no comment\nsecond: it\n";
    }
    if (long && key === "auth") {
      this.#lineEnd(path);
      this.#put(path, `${indent}  method: key`);
      this.#lineEnd(path);
      this.#put(path, `${indent}  key_path: ~/.ssh/k`);
      this.#lineEnd(path);
      return { method: "key", key_path: "~/.ssh/k" };
    }
    const [text, value] = this.#inline(key, this.#anchored(path, key));
    this.#put(path, ` ${text}`);
    this.#lineEnd(path);
    return value;
  }

  /** The first list of tags may be one that others refer to. */
  #anchored(path: string, key: string): "" | "&t " | "*t" {
    if (key !== "tags" || this.#choose(true, false)) return "";
    this.#shared.push(path);
    return this.#shared.length === 1 ? "&t " : "*t";
  }

  #inline(key: string, anchor: "" | "&t " | "*t" = ""): [text: string, value: unknown] {
    switch (key) {
      case "host":
        return this.#choose<[string, string]>(
          ["10.0.0.1", "10.0.0.1"],
          ['"fe80::1"', "fe80::1"],
          ["'h'", "h"],
        );
      case "user":
        return this.#choose<[string, string]>(["jo", "jo"], ["'1001'", "1001"], ['"o"', "o"]);
      case "port":
        return this.#choose<[string, number]>(["22", 22], ["0x16", 22], ["2222", 2222]);
      case "description":
        return this.#choose<[string, string]>(
          ["'it''s # here'", "it's # here"],
          ['"a\\tb"', "a\tb"],
          ["plain", "plain"],
        );
      case "tags":
        if (anchor === "*t") return ["*t", ["x", "y"]];
        if (anchor === "&t ") return ["&t [x, y]", ["x", "y"]];
        return this.#choose<[string, string[]]>(["[x, y]", ["x", "y"]], ["[]", []], ["[ 'x' ]", ["x"]]);
      case "auth":
        return this.#choose<[string, unknown]>(
          ["{method: agent}", { method: "agent" }],
          ["[{method: agent}, { method: key }]", [{ method: "agent" }, { method: "key" }]],
        );
      case "timeouts":
        return ["{ connect: 15s,idle: 0 }", { connect: "15s", idle: 0 }];
      case "max_sessions":
        return ["7", 7];
      default:
        return ["~/audit.jsonl", "~/audit.jsonl"];
    }
  }
}
