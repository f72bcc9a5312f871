import { existsSync } from "node:fs";
import { flowValue } from "../../../inventory/document/render.ts";
import { expandHome } from "../../../inventory/locate.ts";
import type { Editor } from "./context.ts";
import type { Check } from "./prompts.ts";

type Keys = Readonly<Record<string, string>>;

/** The value of `auth` as it is typed: asked for step by step, a secret always by where it is found. */
export async function askLogin(editor: Editor, now: string, check: Check): Promise<string> {
  const { prompts } = editor;
  const method = await prompts.choose("How to log in", [
    { value: "agent", label: "ssh agent" },
    { value: "key", label: "key file" },
    { value: "password", label: "password (from a variable, a file or a command)" },
    { value: "other", label: "several ways, or one-time codes: as YAML" },
    { value: "none", label: "not said here" },
  ]);
  if (method === "none") return "";
  if (method === "other")
    return prompts.text("auth as YAML, such as [{method: agent}, {method: key}]", { initial: now, check });
  const asked = (keys: Keys) => flowValue({ method, ...keys });
  const fits = (keys: Keys): Promise<string | undefined> => check(asked(keys));
  if (method === "agent") return asked({});
  if (method === "password") return asked(await askSecret(editor, "password", {}, fits));
  const path = await prompts.text("Key file", {
    placeholder: "empty: ssh's default keys",
    check: (text) => fits(text === "" ? {} : { key_path: text }),
  });
  const key: Keys = path === "" ? {} : { key_path: path };
  noteMissing(editor, path);
  const locked = path !== "" && (await prompts.agree("Has the key a passphrase?", false));
  return asked(locked ? await askSecret(editor, "passphrase", key, fits) : key);
}

/** Where a secret is found; the secret itself is never asked for. */
async function askSecret(
  editor: Editor,
  what: "password" | "passphrase",
  others: Keys,
  fits: (keys: Keys) => Promise<string | undefined>,
): Promise<Keys> {
  const { prompts, around } = editor;
  const from = await prompts.choose(`Where the ${what} is found (never the ${what} itself)`, [
    { value: "env", label: "an environment variable" },
    { value: "file", label: "a file that only you may read" },
    { value: "command", label: "a command that prints it, such as: pass show web1" },
  ]);
  const names: Keys = { env: "Name of the variable", file: "Path of the file", command: "Command" };
  const keys = (text: string): Keys => ({ ...others, [`${what}_${from}`]: text });
  const given = await prompts.text(names[from] ?? from, {
    check: async (text) => (text === "" ? "It cannot be empty; Escape goes back." : fits(keys(text))),
  });
  if (from === "env" && around.env[given] === undefined)
    prompts.say(`Note: the variable ${given} is not set here.`);
  if (from === "file") noteMissing(editor, given);
  return keys(given);
}

function noteMissing({ prompts, around }: Editor, path: string): void {
  if (path === "" || !/^[~/]/.test(path) || existsSync(expandHome(path, around.home))) return;
  prompts.say(`Note: there is no file ${path}.`);
}
