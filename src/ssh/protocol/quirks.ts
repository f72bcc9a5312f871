import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";

/** What answers a question of keyboard-interactive. */
export type QuirkAnswer = "password" | "code" | "username" | { readonly text: string };

/** A device's login peculiarities, ready for use. */
export interface Quirks {
  /** What is appended to the user name for a server that identifies itself so; mostly nothing. */
  suffixFor(ident: string): string;
  /** What the inventory, then the platform's profile, answers to a prompt; undefined: neither knows it. */
  answerTo(prompt: string): QuirkAnswer | undefined;
}

/** Prompts are matched on their beginning; a server may send 35,000 bytes of one. */
const PROMPT_CHARS = 2_000;

/**
 * Compiles the patterns (RE2, linear in the text they run on): the inventory's regardless of case, then those of the
 * platform's profile. @throws SshMcpError `inventory_invalid`.
 */
export async function compileQuirks({ login = {}, auth, loginAnswers = [] }: ResolvedHost): Promise<Quirks> {
  const { usernameSuffix: suffix = "", suffixIdent, interactive = [] } = login;
  const told = auth.flatMap((method) => (method.method === "password" ? (method.prompts ?? []) : []));
  const { RE2JS } = await import("re2js");
  const compile = (source: string, where: string, flags = 0): ((text: string) => boolean) => {
    try {
      const pattern = RE2JS.compile(source, flags);
      return (text) => pattern.matcher(text).find();
    } catch (error) {
      throw new SshMcpError(
        "inventory_invalid",
        `the login pattern ${JSON.stringify(source)} is not an RE2 pattern: ${messageOf(error)}`,
        `Correct it in the ${where}.`,
      );
    }
  };
  const own = (source: string) => compile(source, "host's entry", RE2JS.CASE_INSENSITIVE);
  const profile = (source: string) => compile(source, "platform's device profile");
  const wanted = suffixIdent === undefined ? () => true : profile(suffixIdent);
  const rules = [
    ...told.map(({ match, answer }) => ({ matches: own(match), answer })),
    ...loginAnswers.map(({ match, answer }) => ({ matches: own(match), answer: { text: answer } })),
    ...interactive.map(({ match, answer }) => ({ matches: profile(match), answer })),
  ];
  return {
    suffixFor: (ident) => (suffix !== "" && wanted(ident) ? suffix : ""),
    answerTo: (prompt) => {
      const text = prompt.slice(-PROMPT_CHARS);
      // sshd puts PAM's remarks in front of the question, which a pattern with ^ is meant for.
      const last =
        text
          .trimEnd()
          .split(/[\r\n]+/)
          .at(-1) ?? "";
      return rules.find(({ matches }) => matches(text) || matches(last))?.answer;
    },
  };
}
