import { SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import { visibleLine } from "../../base/text.ts";
import type { AuthMethod, ResolvedHost } from "../../inventory/host.ts";
import { describeSecretRef } from "../../secrets/read.ts";
import { hopName, listed } from "../protocol/sentences.ts";
import type { Unanswered } from "./keyboard-interactive.ts";
import { splitQuestion } from "./prompt-kind.ts";

/** A login that failed after something was offered for it, so that the server may count it against the account. */
export class LoginRefused extends SshMcpError {}

/** What a person types to log in there by hand. */
function sshCommand({ user, address, port, jump }: ResolvedHost): string {
  const hop = (host: Pick<ResolvedHost, "user" | "address" | "port">) =>
    `${host.user}@${host.address.includes(":") ? `[${host.address}]` : host.address}${host.port === 22 ? "" : `:${host.port}`}`;
  const way = jump.length === 0 ? "" : `-J ${shellQuote(jump.map(hop).join(","))} `;
  return `ssh ${way}${port === 22 ? "" : `-p ${port} `}${shellQuote(`${user}@${address}`)}`;
}

type PasswordMethod = Extract<AuthMethod, { method: "password" }>;

function passwordMethod(host: ResolvedHost): PasswordMethod | undefined {
  return host.auth.find((method): method is PasswordMethod => method.method === "password");
}

/** The server wants a new password before it lets anybody in. `asked`: its questions, where it asked any. */
export function passwordExpired(host: ResolvedHost, asked: readonly string[] = []): SshMcpError {
  const questions = listed(asked.map((one) => JSON.stringify(visibleLine(one, 120))));
  const how = asked.length === 0 ? "" : `: it asked ${questions}, which was not answered`;
  const secret = passwordMethod(host)?.secret;
  const update =
    secret === undefined ? "" : `, then update what the inventory refers to (${describeSecretRef(secret)})`;
  return new LoginRefused(
    "auth_failed",
    `${hopName(host)} says the password of "${visibleLine(host.user, 64)}" has expired or has to be changed${how}.`,
    `Change it at a terminal with ${sshCommand(host)}, which asks for the old password and twice for the new one, or ` +
      `have an administrator set it${update}.`,
  );
}

/** The error of a login that ended at a question nothing is meant to answer. `given`: secrets sent before it. */
export function unansweredQuestion(
  host: ResolvedHost,
  { question, kind, why, round }: Unanswered,
  given: readonly string[],
): SshMcpError {
  const { asks, before } = splitQuestion(question);
  if (kind === "change") return passwordExpired(host, round);
  const asked = visibleLine(asks, 200);
  const together = round.length > 1 ? ` (together with ${listed(others(round, asks))})` : "";
  const said = before === "" ? "" : ` Before it, it said: ${JSON.stringify(visibleLine(before, 200))}.`;
  const sent = given.length === 0 ? "nothing was sent" : `${listed(given)} had been sent before`;
  const message =
    `${hopName(host)} asked ${JSON.stringify(asked)}${together} at the login of user "${visibleLine(host.user, 64)}", ` +
    `${REASONS[why]}. It was not answered (${sent}), and the attempt was ended.${said}`;
  const error = given.length === 0 ? SshMcpError : LoginRefused;
  return new error("auth_failed", message, advice(host, kind, why, asked, question.echo === true));
}

const REASONS: Readonly<Record<Unanswered["why"], string>> = {
  no_source: "which nothing here answers",
  given_before: "though what is meant for such a question was given to an earlier one",
  twice: "and twice for the same kind of secret at once, so that it is not known which is meant",
  in_the_open: "which would show the password while it is entered",
  other_user: "which names another user",
  declined: "which nothing here answers, nor did the person who was asked",
};

function others(round: readonly string[], asks: string): string[] {
  const rest = [...round];
  rest.splice(rest.indexOf(asks), 1);
  return rest.map((one) => JSON.stringify(visibleLine(one, 80)));
}

function advice(
  host: ResolvedHost,
  kind: Unanswered["kind"],
  why: Unanswered["why"],
  asked: string,
  shown: boolean,
): string {
  const byHand = `see what it wants with ${sshCommand(host)}`;
  const pattern = `'^${asked
    .slice(0, 60)
    .trim()
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("'", "''")}'`;
  if (kind === "code")
    return why === "no_source"
      ? "Add a source of one-time codes to the host's password method in auth: otp_command: COMMAND (prints a code), or otp_env: VARIABLE."
      : "A code is given once per login; log in again for a further one.";
  if (kind === "pin")
    return `A PIN is never given by this program; use a login that needs none, or ${byHand}.`;
  if (why === "in_the_open" || why === "other_user" || why === "twice" || kind === "challenge")
    return `No answer is sent to such a question; use another login method for this host, or ${byHand}.`;
  if (kind === "password")
    return "Give the host a password reference in auth: password_env, password_file or password_command.";
  if (kind === "choice" || shown)
    return (
      `If it is to be answered the same at every login, add to the host's entry: ` +
      `login_answers: [{match: ${pattern}, answer: TEXT}] (never for secrets); or ${byHand}.`
    );
  return (
    `If it asks for the password, add password_prompt: ${pattern} to the password method in auth; for a one-time code ` +
    `otp_prompt: ${pattern}; or ${byHand}.`
  );
}
