import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NamedSecret, ResolvedHost } from "../../src/inventory/host.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser, STATE, testUser, testUsers } from "./kit/users.ts";
import { type Opened, type Result, type Rig, rigFor } from "./rig.ts";

/** Its echo is off and it prints a row like sudo's; what it is given it shows. */
const GETPASS = `python3 -c 'import getpass; print("g" + "ot", getpass.getpass("[sudo] password for you: "))'`;
/** What calls itself sudo, hides what it reads, and shows it then. */
const FALSE_SUDO =
  "#!/bin/sh\nprintf '[sudo] password for you: '\nstty -echo\nread x\nstty echo\necho g''ot $x\n";

let server: TestServer;
let rig: Rig;
let other: Awaited<ReturnType<typeof addTestUser>>;

function said(value: string): NamedSecret["ref"] {
  return { from: "command", command: `printf '%s' '${value}'` };
}

/** Has the account's own password as the secret `sudo`, and another word as `wrong`, which is sudo's as well. */
function withSecrets(user: Parameters<typeof hostFor>[1]): ResolvedHost {
  const { password } = testUsers();
  return hostFor(server, user, {
    secrets: {
      sudo: { ref: said(password), program: "sudo" },
      su: { ref: said(password), program: "su" },
      wrong: { ref: said("no-such-password"), program: "sudo" },
      ssh: { ref: said(password), program: "ssh" },
      python: { ref: said("for-python-alone"), program: "python3" },
    },
  });
}

beforeAll(async () => {
  server = await startSshd();
  other = await addTestUser({ shell: "/bin/bash", files: { "bin/sudo": FALSE_SUDO } });
  rig = rigFor([...["bash", "zsh", "fish", "dash", "ksh", "tcsh"].map(withSecrets), withSecrets(other)]);
});
afterAll(async () => {
  await rig?.close();
  await other?.remove();
  await server?.stop();
});

let opened = 0;

async function on(account: string, work: (session: Opened) => Promise<void>): Promise<void> {
  const session = await rig.open(account, `s${++opened}`);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

const notesOf = ({ outcome }: Result) => outcome.notes.join("\n");

/** Everything the session ever showed. */
async function shownBy(session: Opened): Promise<string> {
  const view = session.view();
  const { lines } = await view.text(view.start, view.end);
  return [...lines, ...view.screen().rows].join("\n");
}

async function typesNothing(session: Opened, ran: Result, why: RegExp): Promise<void> {
  expect(ran.outcome.state).toBe("asking");
  expect(notesOf(ran)).toMatch(why);
  expect(await shownBy(session)).not.toContain("got");
  expect(session.view().masked).toBe(0);
}

describe("a secret by name", () => {
  it("is typed at sudo's hidden prompt, said, and never shown", () =>
    on("bash", async (session) => {
      const ran = await session.run("sudo -k id -un", { secret: "sudo" });
      expect(ran.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(ran.text).toMatch(/^root$/m);
      expect(notesOf(ran)).toMatch(/the secret sudo of the inventory was typed at "\[sudo\] password for /);
      expect(await shownBy(session)).not.toContain(testUsers().password);
    }));

  it.each(["zsh", "fish", "dash", "ksh"])("is typed at su's, in %s", (account) =>
    on(account, async (session) => {
      const ran = await session.run(`su ${testUser("bash").login} -c 'id -un'`, { secret: "su" });
      expect(ran.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(ran.text).toContain(testUser("bash").login);
      expect(notesOf(ran)).toMatch(/the secret su of the inventory was typed at "Password:/);
    }),
  );

  it("is typed where sudo is behind a list or another program's exec", () =>
    on("bash", async (session) => {
      const ran = await session.run("cd /tmp && env A=1 sudo -k id -un", { secret: "sudo" });
      expect(ran.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(ran.text).toMatch(/^root$/m);
    }));

  it("that is wrong is typed once: the second prompt is the caller's, and that is said", () =>
    on("bash", async (session) => {
      const ran = await session.run("sudo -k id -un", { secret: "wrong" });
      expect(ran.outcome).toMatchObject({ state: "asking", asked: "password" });
      expect(ran.text.match(/try again/g)).toHaveLength(1);
      expect(notesOf(ran)).toMatch(/it asks again: the secret wrong was typed once and may be wrong/);
      const again = await session.settle();
      expect(again.outcome.state).toBe("asking");
      const answered = await session.type(testUsers().password);
      expect(answered.outcome).toMatchObject({ state: "done", exit: 0 });
    }));

  it("stays unused where nothing asks", () =>
    on("bash", async (session) => {
      const ran = await session.run("echo quiet", { secret: "sudo" });
      expect(ran.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(notesOf(ran)).not.toContain("secret");
      // It was that command's alone.
      const next = await session.run("sudo -k id -un");
      expect(next.outcome).toMatchObject({ state: "asking", asked: "password" });
      expect(notesOf(next)).not.toContain("secret");
      await session.keys("<C-c>");
    }));
});

describe("a secret by name is not typed", () => {
  it("at a prompt whose echo is on, whatever it says", () =>
    on("bash", async (session) => {
      const command = `sh -c 'printf "[sudo] password for you: "; read x; echo "g""ot $x"'`;
      const ran = await session.run(command, { secret: "sudo" });
      await typesNothing(session, ran, /sudo was NOT typed: what asks may show what is typed/);
      expect((await session.type("mine")).text).toContain("got mine");
    }));

  it.each([
    ["behind a semicolon", `sudo -n true 2>/dev/null; ${GETPASS}`],
    ["alone", GETPASS],
  ])("at another program's hidden prompt, %s", (_where, command) =>
    on("bash", async (session) => {
      const ran = await session.run(command, { secret: "sudo" });
      await typesNothing(session, ran, /NOT typed: it is sudo's, and python3 asks/);
    }),
  );

  it("at a hidden prompt of the shell's own, called by the name of sudo", () =>
    on("bash", async (session) => {
      await session.run("sudo() { read -sp '[sudo] password for you: ' x; echo g''ot $x; }");
      const ran = await session.run("sudo id", { secret: "sudo" });
      await typesNothing(session, ran, /NOT typed: it is sudo's, and bash asks/);
    }));

  it("at a program of that name that does not run with root's rights", () =>
    on(other.login, async (session) => {
      await session.run("chmod +x ~/bin/sudo; PATH=~/bin:$PATH; hash -r");
      const ran = await session.run("sudo id", { secret: "sudo" });
      await typesNothing(
        session,
        ran,
        /NOT typed: what asks is called sudo and does not run with root's rights/,
      );
    }));

  it.each([
    ["early in PATH", "PATH=~/bin:$PATH; hash -r; python3"],
    ["by a link to an interpreter", "ln -sf /usr/bin/perl ~/bin/python3; ~/bin/python3 ~/false"],
  ])("at a program of that name that is not the system's: %s", (_how, command) =>
    on(other.login, async (session) => {
      await session.run("rm -f ~/bin/python3; cp ~/bin/sudo ~/bin/python3; chmod +x ~/bin/python3");
      await session.run(
        `printf '%s' 'system "stty -echo"; print "Password: "; $x=<STDIN>; print "go","t $x"' >~/false`,
      );
      const ran = await session.run(command, { secret: "python" });
      await typesNothing(session, ran, /NOT typed: what asks is called python3 and is not the system's own/);
      await session.keys("<C-c>");
    }),
  );

  it("at a foreground program whose echo a background job has switched off", () =>
    on("bash", async (session) => {
      const go = join(STATE, `go-${process.pid}`);
      const background = `( trap '' TTOU; until [ -e ${go} ]; do sleep 0.05; done; stty -echo </dev/tty; printf 'Password: ' >/dev/tty; exec sleep 60 ) &`;
      const ran = await session.run(`${background} cat | sed 's/^/g\\ot /'`, { secret: "sudo" });
      expect(ran.outcome).toMatchObject({ state: "asking", asked: "line" });
      await writeFile(go, "");
      await session.settle({ waitFor: "Password: " });
      const asks = await session.settle();
      await rm(go);
      expect(asks.outcome).toMatchObject({ state: "asking", asked: "password" });
      await typesNothing(session, asks, /NOT typed: /);
    }));

  it("to another host behind ssh: neither at ssh's own prompt nor at one inside", () =>
    on("zsh", async (session) => {
      const ssh = `ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o PubkeyAuthentication=no -p ${server.port} ${testUser("bash").login}@127.0.0.1`;
      const own = await session.run(`${ssh} sudo -k id -un`, { secret: "sudo" });
      await typesNothing(session, own, /NOT typed: it is sudo's, and ssh asks/);
      const inside = await session.type(testUsers().password);
      expect(inside.outcome).toMatchObject({ state: "asking", asked: "password" });
      expect(inside.text).toContain("[sudo] password");
      await session.keys("<C-c>");
      const named = await session.run(`${ssh} id`, { secret: "ssh" });
      await typesNothing(session, named, /NOT typed: what asks behind ssh may be another host/);
      await session.keys("<C-c>");
    }));

  it("to sudo inside another host's terminal, where ssh itself asked nothing", () =>
    on("bash", async (session) => {
      const key = `${(await session.run("mktemp")).text.trim()}`;
      await session.run(
        `ssh-keygen -q -t ed25519 -N '' -f ${key}.k && mkdir -p ~/.ssh && chmod 700 ~/.ssh && cp -p ~/.ssh/authorized_keys ${key} && cat ${key}.k.pub >>~/.ssh/authorized_keys`,
      );
      const ssh = `ssh -tt -i ${key}.k -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -p ${server.port} 127.0.0.1`;
      const ran = await session.run(`${ssh} sudo -k id -un`, { secret: "sudo" });
      expect(ran.text).toContain("[sudo] password");
      await typesNothing(
        session,
        ran,
        /NOT typed: the host's kernel does not say that a hidden prompt reads/,
      );
      await session.keys("<C-c>");
      await session.run(`cp -p ${key} ~/.ssh/authorized_keys; rm -f ${key}*`);
    }));

  it("in a shell that another account or level is in: the command is refused before it is typed", () =>
    on("bash", async (session) => {
      await session.run("bash");
      expect(session.view().level).toBe(2);
      await expect(session.run("sudo id", { secret: "sudo" })).rejects.toThrow(
        /another shell is in front \(level 2\)/,
      );
      await session.run("exit");
    }));

  it("in a shell that is not framed: the command is refused", () =>
    on("tcsh", async (session) => {
      await expect(session.run("su", { secret: "su" })).rejects.toThrow(/this host's shell is not framed/);
    }));

  it("where the inventory names none like it: the command is refused, and the names there are said", () =>
    on("bash", async (session) => {
      await expect(session.run("sudo id", { secret: "root" })).rejects.toThrow(
        /names no secret root for this host; it names sudo, su, wrong, ssh, python/,
      );
      await expect(session.run("sudo id", { secret: "constructor" })).rejects.toThrow(/names no secret/);
    }));

  it("a second time, where one command has two prompts of its program", () =>
    on("bash", async (session) => {
      const twice = `python3 -c 'import getpass; a=getpass.getpass("One: "); print("first", len(a)); getpass.getpass("Two: ")'`;
      const ran = await session.run(twice, { secret: "python" });
      expect(ran.outcome).toMatchObject({ state: "asking", asked: "password" });
      expect(ran.text).toContain(`first ${"for-python-alone".length}`);
      expect(notesOf(ran)).toMatch(/it is not typed twice/);
      await session.keys("<C-c>");
    }));
});
