import type { AnyAuthMethod } from "ssh2";
import type { AskPerson } from "../../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { AuthMethod, ResolvedHost } from "../../inventory/host.ts";
import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import { compileQuirks, type Quirks } from "../protocol/quirks.ts";
import { hopName, listed } from "../protocol/sentences.ts";
import type { Ssh2 } from "../protocol/ssh2.ts";
import type { DialStep } from "../trace.ts";
import { consequences, type UserCertificate } from "./certificates.ts";
import { InteractiveAnswers, type InteractiveOptions, type Unanswered } from "./keyboard-interactive.ts";
import { OnceSecret } from "./once-secret.ts";
import { type LoginQuestion, splitQuestion } from "./prompt-kind.ts";
import { type KeyOffer, PublicKeys, remark } from "./public-keys.ts";
import { LoginRefused, unansweredQuestion } from "./refused.ts";

type WireMethod = "none" | "publickey" | "keyboard-interactive" | "password";

/** One thing to try. `prepare` loads what it needs only when its turn comes. */
interface Candidate {
  readonly wire: WireMethod;
  /** Gives the method to send, further candidates in its place, or nothing (then a note says why). */
  prepare(): Promise<AnyAuthMethod | readonly Candidate[] | undefined>;
}

export interface AuthOptions {
  readonly ssh2: Ssh2;
  readonly readSecret: ReadSecret;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970, for the validity of certificates. */
  readonly now: () => number;
  /** The attempt cannot go on: the server breaks the rules, or asks what nobody answers. */
  readonly onEnd: (error: SshMcpError) => void;
  /** Asks the person behind the caller; undefined as an answer: none was given. */
  readonly ask?: AskPerson;
  readonly trace?: (step: DialStep) => void;
}

/** What the server said so far. */
export interface AuthTurn {
  /** Methods it accepts; null: not asked yet. */
  readonly left: readonly string[] | null;
  /** It took the last method and wants a further one (RFC 4252 5.1). */
  readonly partial: boolean;
  /** Its identification line. */
  readonly ident: string;
}

/**
 * Proves who we are, in the host's order, but never a password before the keys unless the platform's own order says so;
 * `none` first, which tells what the server accepts (RFC 4252 5.2). Every secret goes out at most once per connection.
 */
export class Authentication {
  readonly #host: ResolvedHost;
  readonly #options: AuthOptions;
  readonly #pending: Candidate[];
  readonly #tried: string[] = [];
  readonly #notes: string[] = [];
  #accepts: readonly string[] = [];
  #used = "none";
  #offered: string | undefined;
  /** What the ssh-agent was asked and has not answered. */
  #agentHas: string | undefined;
  #agentSigned = false;
  readonly #keys: PublicKeys;
  /** The certificate offered last. */
  #certificate: UserCertificate | undefined;
  #partial = false;
  #quirks: Quirks | undefined;
  /** The user name with what the platform wants appended. */
  #user: string;
  #secretError: SshMcpError | undefined;
  /** The secrets of the inventory that were sent, in words. */
  #given: () => readonly string[] = () => [];

  constructor(host: ResolvedHost, options: AuthOptions) {
    this.#host = host;
    this.#options = options;
    this.#user = host.user;
    this.#keys = new PublicKeys({
      ...options,
      note: (text) => this.note(text),
      secretFailed: (error) => {
        this.#secretError ??= error;
      },
      agentHas: (what) => {
        this.#agentHas = what;
      },
      agentSigned: () => {
        this.#agentSigned = true;
      },
    });
    const keysFirst = [...host.auth].sort((a, b) => rank(a) - rank(b));
    const candidates = [this.#none(), ...keysFirst.flatMap((method) => this.#candidates(method))];
    // A banner to acknowledge needs no password.
    const knowsQuestions = host.login?.interactive !== undefined || host.loginAnswers !== undefined;
    if (knowsQuestions && !host.auth.some(({ method }) => method === "password"))
      candidates.push({
        wire: "keyboard-interactive",
        prepare: async () => this.#interactive({}),
      });
    const { order } = host.login ?? {};
    this.#pending =
      order === undefined
        ? candidates
        : [...new Set(order)].flatMap((wire) => candidates.filter((candidate) => candidate.wire === wire));
    const skipped = new Set(candidates.filter((one) => !this.#pending.includes(one)).map(({ wire }) => wire));
    skipped.delete("none");
    if (order !== undefined && skipped.size > 0)
      this.note(`The platform's login is tried with ${listed(order)} only, not with ${listed([...skipped])}`);
  }

  /** The method tried last, so once logged in: the one that was accepted. */
  get used(): string {
    return this.#used;
  }

  /** What follows for the sessions from how the login was made, in sentences. */
  get warnings(): readonly string[] {
    return this.#certificate === undefined ? [] : consequences(this.#certificate);
  }

  /** What the server was sent last, in words; undefined: nothing yet. `agent`: what the ssh-agent has to do first. */
  get offered():
    | { readonly method: string; readonly given: readonly string[]; readonly agent?: string }
    | undefined {
    if (this.#offered === undefined) return undefined;
    const agent = this.#agentHas === undefined ? {} : { agent: this.#agentHas };
    return { method: this.#offered, given: this.#given(), ...agent };
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** The next method; undefined when nothing is left to try. @throws SshMcpError for a bad pattern of the profile. */
  async next({ left, partial, ident }: AuthTurn): Promise<AnyAuthMethod | undefined> {
    if (this.#quirks === undefined && hasQuirks(this.#host)) {
      this.#quirks = await compileQuirks(this.#host);
      this.#user = this.#host.user + this.#quirks.suffixFor(ident);
    }
    this.#partial = partial;
    if (left !== null) {
      this.#accepts = left;
      this.#options.trace?.({ step: "accepts", methods: left, partial });
    }
    if (this.#agentSigned) {
      // ssh2 hides the answer to an agent's key; asking again shows whether it was a partial success.
      this.#agentSigned = false;
      return { type: "none", username: this.#user };
    }
    for (;;) {
      const index = this.#pending.findIndex(
        ({ wire }) => left === null || wire === "none" || left.includes(wire),
      );
      const [candidate] = index < 0 ? [] : this.#pending.splice(index, 1);
      if (candidate === undefined) return undefined;
      const prepared = await candidate.prepare();
      if (prepared === undefined) continue;
      if (!isMethod(prepared)) {
        this.#pending.splice(index, 0, ...prepared);
        continue;
      }
      this.#used = candidate.wire;
      if (candidate.wire !== "publickey") this.#certificate = undefined;
      const method = candidate.wire === "none" ? "none" : (this.#tried.at(-1) ?? candidate.wire);
      this.#offered = method;
      this.#options.trace?.({ step: "trying", method });
      return prepared;
    }
  }

  /**
   * The server closed the connection in the midst of it. At a password or a code that is how many devices refuse; otherwise it
   * is unknown, and the next login is not held back for it. Undefined: nothing had been offered yet.
   */
  closed(): SshMcpError | undefined {
    if (this.#tried.includes("password") || this.#given().length > 0)
      return this.failure("(it closed the connection)");
    if (this.#tried.length === 0) return undefined;
    const { user } = this.#host;
    return new SshMcpError(
      "auth_failed",
      `${hopName(this.#host)} closed the connection during the login of user "${visibleLine(user, 64)}": tried ${listed(this.#tried)}; whether it refused that is unknown.`,
      this.#advice(""),
    );
  }

  /** The one line of a refused login. */
  failure(serverSaid = ""): SshMcpError {
    const { user } = this.#host;
    const tried =
      this.#tried.length > 0 ? `tried ${listed(this.#tried)}` : "nothing configured could be tried";
    const accepts = this.#accepts.length > 0 ? `; the server accepts ${listed(this.#accepts)}` : "";
    const notes = this.#notes.length > 0 ? `. ${this.#notes.join(". ")}` : "";
    const said = serverSaid === "" ? "" : ` It said: ${visibleLine(serverSaid, 200)}.`;
    if (this.#tried.length === 0 && this.#secretError !== undefined) return this.#secretError;
    // Without a credential there was nothing to count against the account.
    const error = this.#tried.length === 0 ? SshMcpError : LoginRefused;
    return new error(
      "auth_failed",
      `${hopName(this.#host)} refused the login of user "${visibleLine(user, 64)}": ${tried}${accepts}${notes}.${said}`,
      this.#advice(serverSaid),
      { cause: this.#secretError },
    );
  }

  #advice(serverSaid: string): string {
    if (/too many authentication failures/i.test(serverSaid))
      return "The agent holds more keys than the server allows attempts: name the one key to use in the host's auth.";
    if (this.#secretError?.next !== undefined) return this.#secretError.next;
    const methods = this.#host.auth.map(({ method }) => method);
    if (methods.length === 0)
      return "Give the host a key, an agent or a password reference in the inventory.";
    const passwordOnly = this.#accepts.length > 0 && !this.#accepts.includes("publickey");
    if (passwordOnly && !methods.includes("password"))
      return "This server wants a password: add a password reference (variable, file or command) to the host's auth.";
    if (this.#accepts.length === 1 && this.#accepts[0] === "publickey" && !methods.includes("key"))
      return "This server takes keys only: put the public key into the account's authorized_keys and name the key in auth.";
    if (this.#tried.length === 0)
      return "Make one of the logins named in the host's auth usable (start the ssh-agent, correct the key file), or name another.";
    return "Check the user name and what auth names for this host; the server's own log has its reason.";
  }

  #none(): Candidate {
    return { wire: "none", prepare: async () => ({ type: "none", username: this.#user }) };
  }

  #candidates(method: AuthMethod): Candidate[] {
    switch (method.method) {
      case "key":
      case "agent":
        return [{ wire: "publickey", prepare: () => this.#publicKeys(method) }];
      case "password":
        return this.#password(method);
    }
  }

  async #publicKeys(method: Extract<AuthMethod, { method: "key" | "agent" }>): Promise<readonly Candidate[]> {
    const offers =
      method.method === "key" ? await this.#keys.ofFile(method) : await this.#keys.ofAgent(method);
    return offers.map((offer) => ({ wire: "publickey", prepare: async () => this.#offer(offer) }));
  }

  #offer(offer: KeyOffer): AnyAuthMethod {
    this.#tried.push(offer.name);
    const said = remark(offer);
    if (said !== undefined && !this.#notes.includes(said)) this.note(said);
    this.#certificate = offer.certificate;
    return offer.method(this.#user);
  }

  /** Keyboard-interactive before password, as OpenSSH orders them; the secret goes to whichever asks first. */
  #password(method: Extract<AuthMethod, { method: "password" }>): Candidate[] {
    const { readSecret } = this.#options;
    const once = (ref: SecretRef | undefined, what: string) =>
      ref === undefined ? undefined : new OnceSecret(ref, readSecret, what);
    const password = once(method.secret, "The password");
    const code = once(method.otp, "The one-time code");
    this.#given = () => [
      ...(password?.given === true ? ["the password"] : []),
      ...(code?.given === true ? ["the one-time code"] : []),
    ];
    const usable = async () => {
      if (password === undefined || password.given) return false;
      try {
        await password.load();
        return true;
      } catch (error) {
        if (!(error instanceof SshMcpError)) throw error;
        if (this.#secretError === undefined) this.note(error.message);
        this.#secretError ??= error;
        return false;
      }
    };
    const interactive = async (): Promise<AnyAuthMethod | undefined> => {
      // As a second factor it may ask for a code or a confirmation only, which needs no password.
      if (password !== undefined && !(await usable()) && !this.#partial) return undefined;
      return this.#interactive({ password, code });
    };
    const plain = async (): Promise<AnyAuthMethod | undefined> => {
      if (password === undefined || !(await usable())) return undefined;
      this.#tried.push("password");
      return { type: "password", username: this.#user, password: await password.take() };
    };
    return [
      { wire: "keyboard-interactive", prepare: interactive },
      ...(password === undefined ? [] : [{ wire: "password", prepare: plain } as const]),
      // A server may ask for the second factor by a dialogue of its own.
      {
        wire: "keyboard-interactive",
        prepare: async () => (this.#partial ? await interactive() : undefined),
      },
    ];
  }

  #interactive(secrets: Pick<InteractiveOptions, "password" | "code">): AnyAuthMethod {
    const { user } = this.#host;
    const { ask: person } = this.#options;
    const ask =
      person &&
      ((question: LoginQuestion) => person({ host: hopName(this.#host), user, ...splitQuestion(question) }));
    const answers = new InteractiveAnswers({ ...secrets, user, quirks: this.#quirks, ask });
    this.#tried.push("keyboard-interactive");
    return {
      type: "keyboard-interactive",
      username: this.#user,
      prompt: (name, instructions, _language, prompts, finish) => {
        answers.round(prompts, `${name}\n${instructions}`).then(
          (round) => {
            if ("answers" in round) finish(round.answers);
            else if ("refused" in round) this.#abuse(round.refused);
            else this.#options.onEnd(this.#unanswered(round.unanswered));
          },
          (error: unknown) =>
            this.#options.onEnd(
              error instanceof SshMcpError ? error : new SshMcpError("internal", messageOf(error)),
            ),
        );
      },
    };
  }

  #unanswered(unanswered: Unanswered): SshMcpError {
    const { kind, why, question } = unanswered;
    if (kind === "password" && why === "given_before") {
      this.note(`It asked "${visibleLine(splitQuestion(question).asks, 80)}" again`);
      return this.failure();
    }
    return unansweredQuestion(this.#host, unanswered, this.#given());
  }

  #abuse(what: string): void {
    this.#options.onEnd(
      new SshMcpError(
        "auth_failed",
        `${hopName(this.#host)} ${what} during login and was disconnected; the password was sent at most once.`,
        "This is no ordinary SSH server: check that the address is the right one.",
      ),
    );
  }
}

function rank(method: AuthMethod): number {
  return method.method === "password" ? 1 : 0;
}

function hasQuirks({ login, loginAnswers, auth }: ResolvedHost): boolean {
  const told = auth.some((method) => method.method === "password" && method.prompts !== undefined);
  return login !== undefined || loginAnswers !== undefined || told;
}

function isMethod(prepared: AnyAuthMethod | readonly Candidate[]): prepared is AnyAuthMethod {
  return "type" in prepared;
}
