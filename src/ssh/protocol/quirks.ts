import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { LoginQuirks } from "../../inventory/host.ts";

/** What answers a question of keyboard-interactive. */
export type QuirkAnswer = NonNullable<LoginQuirks["interactive"]>[number]["answer"];

/** A device's login peculiarities, ready for use. */
export interface Quirks {
  /** What is appended to the user name for a server that identifies itself so; mostly nothing. */
  suffixFor(ident: string): string;
  /** What the platform's profile answers to a prompt; undefined: it does not know it. */
  answerTo(prompt: string): QuirkAnswer | undefined;
}

/** Prompts are matched on their beginning; a server may send 35,000 bytes of one. */
const PROMPT_CHARS = 2_000;

/** Compiles the patterns (RE2, linear in the text they run on). @throws SshMcpError `inventory_invalid`. */
export async function compileQuirks(quirks: LoginQuirks): Promise<Quirks> {
  const { usernameSuffix: suffix = "", suffixIdent, interactive = [] } = quirks;
  const { RE2JS } = await import("re2js");
  const compile = (source: string): ((text: string) => boolean) => {
    try {
      const pattern = RE2JS.compile(source);
      return (text) => pattern.matcher(text).find();
    } catch (error) {
      throw new SshMcpError(
        "inventory_invalid",
        `the login pattern ${JSON.stringify(source)} is not an RE2 pattern: ${messageOf(error)}`,
        "Correct it in the platform's device profile.",
      );
    }
  };
  const wanted = suffixIdent === undefined ? () => true : compile(suffixIdent);
  const rules = interactive.map(({ match, answer }) => ({ matches: compile(match), answer }));
  return {
    suffixFor: (ident) => (suffix !== "" && wanted(ident) ? suffix : ""),
    answerTo: (prompt) => {
      const text = prompt.slice(0, PROMPT_CHARS);
      return rules.find(({ matches }) => matches(text))?.answer;
    },
  };
}
