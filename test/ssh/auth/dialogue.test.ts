import type { AuthContext } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import type { AskPerson, LoginQuestionForPerson } from "../../../src/base/contract/caller.ts";
import { SshMcpError } from "../../../src/base/errors.ts";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { failureOf, PTY, run, secretsOf } from "../hosts.ts";
import { type ScriptedServer, startScripted } from "../scripted.ts";

const PASSWORD = "correct horse & battery";
const CODE = "492816";
const secret = { from: "env", name: "PW" } as const;
const otp = { from: "command", command: "print-a-code" } as const;
const BY_PASSWORD: readonly AuthMethod[] = [{ method: "password", secret }];
const WITH_CODE: readonly AuthMethod[] = [{ method: "password", secret, otp }];

type Prompt = { readonly prompt: string; readonly echo: boolean };
const hidden = (prompt: string): Prompt => ({ prompt, echo: false });
const shown = (prompt: string): Prompt => ({ prompt, echo: true });

/** Dialogues of keyboard-interactive as servers of every temper hold them; each server writes down what it got. */
describe("a dialogue at login", () => {
  let server: ScriptedServer | undefined;
  let transport: Transport | undefined;
  /** One list of answers per round. */
  let answered: string[][] = [];
  /** References read, in order. */
  let reads: string[] = [];
  afterEach(async () => {
    await transport?.dispose();
    await server?.stop();
    answered = [];
    reads = [];
    asked = [];
  });

  /** What a person was asked, in order, and what they say; undefined: they decline. */
  let asked: LoginQuestionForPerson[] = [];
  const person =
    (answer: string | undefined): AskPerson =>
    async (question) => {
      asked.push(question);
      return answer;
    };

  const login = async (
    rounds: readonly (readonly Prompt[])[],
    change: Partial<ResolvedHost> = { auth: BY_PASSWORD },
    { title = "", instruction = "", ask }: { title?: string; instruction?: string; ask?: AskPerson } = {},
  ) => {
    server = await startScripted({
      login: (context: AuthContext) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        const ask = (index: number) => {
          const round = rounds[index];
          if (round === undefined) return context.accept();
          context.prompt([...round], title, instruction, (answers) => {
            answered.push(answers);
            ask(index + 1);
          });
        };
        ask(0);
      },
      shell: () => {},
      exec: (channel) => {
        channel.exit(0);
        channel.end();
      },
    });
    transport = createTransport({
      env: {},
      secrets: secretsOf(async (ref) => {
        reads.push(ref.from);
        if (ref.from === "command" && ref.command === "fails")
          throw new SshMcpError("secret_unavailable", 'The command "fails …" ended with exit code 1.');
        return { reveal: () => (ref.from === "command" ? CODE : PASSWORD) };
      }),
    });
    const host = { ...server.host, user: "jo", ...change };
    // Whoever opens a terminal may be asked; the command then finds the connection there.
    if (ask !== undefined) await transport.link(host).openPty({ ...PTY, ask });
    return run(transport, host, "true");
  };

  it.each([
    "Password: ",
    "jo@web1's password: ",
    "Passwort: ",
    "Mot de passe : ",
    "密码：",
    "Contraseña:",
    "Пароль: ",
    "パスワード:",
    "LDAP Password: ",
    "Last login failed.\nEnter password for jo:",
  ])("gives the password to %j", async (prompt) => {
    expect((await login([[hidden(prompt)]])).end).toMatchObject({ code: 0 });
    expect(answered).toEqual([[PASSWORD]]);
  });

  it.each([
    "Verification code: ",
    "One-time password (OATH) for `jo': ",
    "Passcode or option (1-3): ",
    "Enter PASSCODE: ",
    "Token:",
    "OTP Password: ",
    "动态密码：",
    "Einmalkennwort: ",
    "Одноразовый пароль: ",
    "Duo two-factor login for jo\n\n 1. Duo Push to XXX\n\nPasscode or option (1-1): ",
  ])("gives the code, and no password, to %j, read when it is asked for", async (prompt) => {
    expect((await login([[shown(prompt)]], { auth: WITH_CODE })).end).toMatchObject({ code: 0 });
    expect(answered).toEqual([[CODE]]);
    expect(reads).toEqual(["env", "command"]);
  });

  it.each([
    [
      "terms",
      [shown("Accept the terms (yes/no)? ")],
      /login_answers: \[\{match: '\^Accept the terms \\\(yes/,
    ],
    ["a password in the open", [shown("Password: ")], /another login method/],
    ["a token beside the password", [hidden("Password: "), shown("Token: ")], /otp_command: COMMAND/],
    ["a token before the password", [hidden("Token: "), hidden("Password: ")], /otp_command: COMMAND/],
    ["two passwords at once", [hidden("Password: "), hidden("Password: ")], /another login method/],
    [
      "a new password",
      [hidden("New password: "), hidden("Retype new password: ")],
      /asks for the old password/,
    ],
    ["the current password", [hidden("(current) UNIX password: ")], /asks for the old password/],
    ["a PIN", [hidden("Enter PIN: ")], /PIN is never given/],
    ["password and code in one", [hidden("Password + OTP: ")], /password_prompt: .* otp_prompt:/],
    ["another user's password", [hidden("root@10.0.0.9's password: ")], /another login method/],
    ["a challenge", [hidden("otp-md5 499 ke1234 ext\nResponse: ")], /another login method/],
    ["a name", [shown("Your name: ")], /login_answers/],
    ["something of its own", [hidden("Memorable word: ")], /password_prompt: '\^Memorable word:'/],
    ["nothing in words", [hidden("")], /password_prompt/],
  ])("answers nothing of a round with %s, shows the question and says what to do", async (_, round, next) => {
    const error = await failureOf(login([round]));
    expect(answered).toEqual([]);
    expect(error.code).toBe("auth_failed");
    for (const { prompt } of round) expect(error.message).toContain(prompt.trim().split("\n").at(-1));
    expect(error.next).toMatch(next);
    expect(error.toText()).not.toContain(PASSWORD);
  });

  it("answers a round of password and code together, each to its own question, in either order", async () => {
    await login([[hidden("Verification code: "), hidden("Password: ")]], { auth: WITH_CODE });
    expect(answered).toEqual([[CODE, PASSWORD]]);
  });

  it("answers a round without questions with no answers, as is usual", async () => {
    expect((await login([[], [hidden("Password: ")], []])).end).toMatchObject({ code: 0 });
    expect(answered).toEqual([[], [PASSWORD], []]);
  });

  it("ends at the code after the password where there is no source of codes, and says what was sent", async () => {
    const error = await failureOf(login([[hidden("Password: ")], [hidden("Verification code: ")]]));
    expect(answered).toEqual([[PASSWORD]]);
    expect(error.message).toMatch(/asked "Verification code:".*the password had been sent before/);
  });

  it("says of an expired password how it can be changed, and answers neither old nor new", async () => {
    const change =
      "You are required to change your password immediately (password expired).\nCurrent password: ";
    const error = await failureOf(login([[hidden("Password: ")], [hidden(change)]]));
    expect(answered).toEqual([[PASSWORD]]);
    expect(error.message).toMatch(
      /password of "jo" has expired or has to be changed: it asked "Current password:"/,
    );
    expect(error.next).toMatch(
      /^Change it at a terminal with ssh -p \d+ jo@127\.0\.0\.1, .*environment variable PW/,
    );
  });

  it("minds the instruction around a question that says nothing itself", async () => {
    const token = { title: "RADIUS", instruction: "Enter your token code" };
    await login([[hidden("Response: ")]], { auth: WITH_CODE }, token);
    expect(answered).toEqual([[CODE]]);
  });

  it("gives no password where the instruction wants a code", async () => {
    const error = await failureOf(
      login([[hidden("Password: ")]], { auth: WITH_CODE }, { instruction: "Enter the code of your token" }),
    );
    expect(answered).toEqual([]);
    expect(error.message).toContain('Before it, it said: "Enter the code of your token"');
  });

  it("asks for one code per login", async () => {
    const error = await failureOf(
      login([[hidden("Token code: ")], [hidden("Next token code: ")]], { auth: WITH_CODE }),
    );
    expect(answered).toEqual([[CODE]]);
    expect(reads.filter((from) => from === "command")).toHaveLength(1);
    expect(error.next).toMatch(/given once per login/);
  });

  it("never runs the source of codes for a login that asks for none", async () => {
    await login([[hidden("Password: ")]], { auth: WITH_CODE });
    expect(reads).toEqual(["env"]);
  });

  it("says that the code is not available, and sends nothing in its place", async () => {
    const auth: AuthMethod[] = [{ method: "password", secret, otp: { from: "command", command: "fails" } }];
    const error = await failureOf(login([[hidden("Verification code: ")]], { auth }));
    expect(answered).toEqual([]);
    expect(error.toText()).toMatch(
      /^secret_unavailable: The one-time code is not available: The command "fails/,
    );
  });

  it("logs in with a code alone where the host has no password", async () => {
    await login([[hidden("Verification code: ")]], { auth: [{ method: "password", otp }] });
    expect(answered).toEqual([[CODE]]);
    expect(reads).toEqual(["command"]);
  });

  it("answers what the operator wrote down, and asks it of nobody else's question", async () => {
    const loginAnswers = [{ match: "accept the terms", answer: "yes" }];
    await login([[shown("Accept the terms (yes/no)? ")], [hidden("Password: ")]], {
      auth: BY_PASSWORD,
      loginAnswers,
    });
    expect(answered).toEqual([["yes"], [PASSWORD]]);
  });

  it("asks the person behind the caller what is no secret, and sends their answer as it is", async () => {
    const rounds = [[shown("Accept the terms (yes/no)? ")], [hidden("Password: "), shown("Department: ")]];
    await login(rounds, { auth: BY_PASSWORD }, { ask: person("yes"), instruction: "Please read." });
    expect(answered).toEqual([["yes"], [PASSWORD, "yes"]]);
    expect(asked.map(({ asks, before, user }) => [asks, before, user])).toEqual([
      ["Accept the terms (yes/no)?", "Please read.", "jo"],
      ["Department:", "Please read.", "jo"],
    ]);
  });

  it("ends the login where the person declines, having read and sent no secret", async () => {
    const rounds = [[hidden("Verification code: "), shown("Reason: ")]];
    const error = await failureOf(login(rounds, { auth: WITH_CODE }, { ask: person(undefined) }));
    expect(answered).toEqual([]);
    expect(reads).toEqual(["env"]);
    expect(error.message).toMatch(/asked "Reason:".*nor did the person who was asked/);
  });

  it.each([
    hidden("Memorable word: "),
    hidden("Accept the terms (yes/no)? "),
    shown("Verification code: "),
    shown("Password: "),
    shown("New password: "),
    shown("PIN: "),
    shown("Response: "),
  ])("asks nobody for what may be a secret: %j", async (prompt) => {
    await failureOf(login([[prompt]], { auth: BY_PASSWORD }, { ask: person("a secret") }));
    expect(asked).toEqual([]);
    expect(answered).toEqual([]);
  });

  it("takes no written answer for a question that wants a secret, however wide its pattern", async () => {
    const loginAnswers = [{ match: ".", answer: "yes" }];
    const error = await failureOf(
      login([[hidden("Password: ")], [hidden("New password: ")]], { auth: BY_PASSWORD, loginAnswers }),
    );
    expect(answered).toEqual([[PASSWORD]]);
    expect(error.message).toContain("has expired or has to be changed");
  });

  it("takes the operator's word for questions in words of their own", async () => {
    const prompts = [
      { match: "^geheimwort", answer: "password" },
      { match: "^zahl", answer: "code" },
    ] as const;
    await login([[hidden("Geheimwort: "), hidden("Zahl: ")]], {
      auth: [{ method: "password", secret, otp, prompts }],
    });
    expect(answered).toEqual([[PASSWORD, CODE]]);
  });
});
