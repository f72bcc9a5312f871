import { patternOf } from "../../base/pattern.ts";

/**
 * `*` and `?` within a name, `[a-z]`, `{a,b}`, `**` over folders. A pattern with a `/` is held against the path below the
 * folder, any other against the name. Case counts. Linear in the text.
 */
export function compileGlob(glob: string): (name: string, path: string) => boolean {
  const pattern = patternOf(`^(?:${source(glob)})$`);
  const whole = glob.includes("/");
  return (name, path) => pattern.find(whole ? path : name) !== undefined;
}

function source(glob: string): string {
  let out = "";
  let braces = 0;
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? "";
    if (glob.startsWith("**/", at)) {
      out += "(?:.*/)?";
      at += 2;
    } else if (glob.startsWith("**", at)) {
      out += "(?s:.*)";
      at++;
    } else if (char === "*") out += "[^/]*";
    else if (char === "?") out += "[^/]";
    else if (char === "[") {
      const set = /^\[(!|\^)?(\]?[^\]/]*)\]/.exec(glob.slice(at));
      if (set === null) out += "\\[";
      else {
        out += `[${set[1] === undefined ? "" : "^"}${(set[2] ?? "").replace(/[\\[\]^]/g, "\\$&")}]`;
        at += set[0].length - 1;
      }
    } else if (char === "{" && glob.indexOf("}", at) > 0) {
      out += "(?:";
      braces++;
    } else if (char === "}" && braces > 0) {
      out += ")";
      braces--;
    } else if (char === "," && braces > 0) out += "|";
    else out += char.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
  }
  return out + ")".repeat(braces);
}
