import type { Kind } from "./kinds.ts";

/** What a file is, and who says so; `content`: only that it looks like it. */
export interface KnownKind {
  readonly kind: Kind;
  readonly by: "name" | "content" | "caller";
}

const EXTENSIONS: Readonly<Record<string, Kind>> = {
  json: "json",
  geojson: "json",
  webmanifest: "json",
  jsonc: "jsonc",
  "code-workspace": "jsonc",
  jsonl: "jsonl",
  ndjson: "jsonl",
  yaml: "yaml",
  yml: "yaml",
  toml: "toml",
  xml: "xml",
  xsl: "xml",
  xslt: "xml",
  xsd: "xml",
  svg: "xml",
  xhtml: "xml",
  wsdl: "xml",
  ini: "ini",
  desktop: "ini",
  env: "dotenv",
  dockerfile: "dockerfile",
};

const NAMES: Readonly<Record<string, Kind>> = {
  ".editorconfig": "ini",
  ".gitconfig": "ini",
  ".gitmodules": "ini",
  "setup.cfg": "ini",
  "cargo.lock": "toml",
  "poetry.lock": "toml",
  "uv.lock": "toml",
  pipfile: "toml",
  ".env": "dotenv",
  dockerfile: "dockerfile",
  containerfile: "dockerfile",
  "nginx.conf": "nginx",
};

/** Files called `.json` whose readers take comments. */
const COMMENTED =
  /^(?:[tj]sconfig(?:\..+)?|devcontainer|\.devcontainer|\.eslintrc|api-extractor|deno)\.json$/;
const UNIT =
  /\.(?:service|socket|timer|mount|automount|target|path|slice|swap|network|netdev|link|nspawn|container|volume|pod|kube)$/;
/** What is made of these is the file; they themselves are none. */
const TEMPLATE = /\.(?:j2|jinja2?|tmpl|tpl|erb|mustache|hbs|in|dist-in)$/;
/** Names that say nothing of what is in the file. */
const ANYTHING = /^[^.]+$|\.(?:conf|cfg|cnf|config|rc)$|^\.[^.]*rc$/;

/** By its name where that tells, else by its content; undefined: neither does. `.conf` alone tells nothing. */
export function kindOf(path: string, text: string): KnownKind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (/^\ufeff?\s*<\?xml\s/.test(text)) return { kind: "xml", by: "content" };
  const named = byName(path.toLowerCase(), name, text);
  if (named !== undefined) return { kind: named, by: "name" };
  const guess = ANYTHING.test(name) ? byContent(text) : undefined;
  return guess === undefined ? undefined : { kind: guess, by: "content" };
}

function byName(path: string, name: string, text: string): Kind | undefined {
  if (TEMPLATE.test(name)) return undefined;
  const known = NAMES[name];
  if (known !== undefined) return known;
  if (COMMENTED.test(name) || /\/\.vscode\/[^/]+\.json$/.test(path)) return "jsonc";
  if (/^\.env\./.test(name)) return "dotenv";
  if (/^(?:docker|container)file\.[\w-]+$/.test(name)) return "dockerfile";
  if (/\/systemd\/.*\.conf$|\.(?:service|socket|timer)\.d\/[^/]+\.conf$/.test(path)) return "systemd";
  if (UNIT.test(name)) return /\/systemd\//.test(path) || /^\[/m.test(text) ? "systemd" : undefined;
  if (/\/nginx\/(?:.*\.conf|(?:sites-|snippets\/).*|[^/]*_params|mime\.types)$/.test(path)) return "nginx";
  // Helm's: what is made of them is YAML.
  if (/\/templates\/.*\.ya?ml$/.test(path) && text.includes("{{")) return undefined;
  if (name.endsWith(".plist")) return text.trimStart().startsWith("<") ? "xml" : undefined;
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : EXTENSIONS[name.slice(dot + 1)];
}

/** Share of lines that end as statements and blocks of nginx do. */
const MOSTLY = 0.8;

function byContent(text: string): Kind | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[#;]/.test(line));
  const [first = ""] = lines;
  if (text.startsWith("#!") || first === "") return undefined;
  if (first.startsWith("{") && /^\{\s*(?:"|\}|$)/.test(first)) return "json";
  if (first === "---") return "yaml";
  if (/^\[[^[\]"]+\]\s*(?:[#;].*)?$/.test(first) && !lines.some((line) => line.startsWith("[[")))
    return "ini";
  const ending = lines.filter((line) => /[;{}]\s*(?:#.*)?$/.test(line)).length;
  const statements = lines.filter((line) => /;\s*(?:#.*)?$/.test(line)).length;
  return ending >= lines.length * MOSTLY && statements >= lines.length / 3 ? "nginx" : undefined;
}
