import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seeded } from "../seeds/random.ts";
import { type Agent, killed, until, type World } from "./kit.ts";

export interface Kills {
  readonly wrong: string[];
  /** Commands that ran, of those that were given. */
  ran: number;
  given: number;
  told: number;
}

/** Each command writes its own token into a file: what was sent twice, or is lost without a word, can be seen there. */
class Tokens {
  readonly #path: string;
  #last = 0;

  constructor(folder: string) {
    this.#path = join(folder, "tokens");
  }

  command(): { readonly token: string; readonly command: string } {
    const token = `t${++this.#last}.`;
    return { token, command: `echo ${token} >> ${this.#path}; sleep 0.${this.#last % 10}` };
  }

  count(token: string): number {
    try {
      return readFileSync(this.#path, "utf8")
        .split("\n")
        .filter((line) => line === token).length;
    } catch {
      return 0;
    }
  }
}

const SESSIONS = ["s1", "s2", "s3"];

/** Kills fronts in the middle of their calls while another client works on: no session is lost, no command runs twice. */
export async function killFronts(world: World, count: number, seed: number): Promise<Kills> {
  const random = seeded(seed);
  const kills: Kills = { wrong: [], ran: 0, given: 0, told: 0 };
  const tokens = new Tokens(world.folder);
  const keeper = await world.agent("keeper");
  for (const session of SESSIONS) await keeper.call("ssh_connect", { host: "lab-sh", session });
  const load = working(() => keeper.call("ssh_shell", { session: "s3", command: "seq 200", timeout_s: 10 }));
  for (let at = 0; at < count; at++) {
    const front = await world.agent(`front${at}`);
    const session = random() < 0.5 ? "s1" : "s2";
    const { token, command } = tokens.command();
    const call = front.call("ssh_shell", { session, command, timeout_s: 20 }).catch(() => "");
    // Anywhere on its way, or while the command runs.
    if (at % 2 === 0) await new Promise((resolve) => setTimeout(resolve, random() * 600));
    else await until(() => tokens.count(token) > 0);
    await killed(front.pid);
    await call;
    // What it had typed goes on; what it had not, never runs. The next call of another client comes behind it.
    const after = await settled(keeper, session);
    if (!/ {2}ready · /.test(after)) kills.wrong.push(`kill ${at}: ${session} is not as it was: ${after}`);
    const next = tokens.command();
    const answer = await keeper.call("ssh_shell", {
      session,
      command: next.command,
      timeout_s: 30,
      after: "any",
    });
    if (!/done exit=0/.test(answer) || tokens.count(next.token) !== 1)
      kills.wrong.push(`kill ${at}: the next command ran ${tokens.count(next.token)} times: ${answer}`);
    const ran = tokens.count(token);
    kills.given++;
    kills.ran += ran;
    if (ran > 1) kills.wrong.push(`kill ${at}: ${token} ran ${ran} times`);
  }
  await load.stop();
  return kills;
}

/** Kills the daemon under a working client: the next one says what is lost, and sends nothing again. */
export async function killDaemons(world: World, count: number, seed: number): Promise<Kills> {
  const random = seeded(seed);
  const kills: Kills = { wrong: [], ran: 0, given: 0, told: 0 };
  const tokens = new Tokens(world.folder);
  for (let at = 0; at < count; at++) {
    const agent = await world.agent(`agent${at}`);
    for (const session of SESSIONS) await agent.call("ssh_connect", { host: "lab-sh", session });
    const given = SESSIONS.map((session) => {
      const order = tokens.command();
      const call = agent
        .call("ssh_shell", { session, command: `${order.command}; sleep 30`, timeout_s: 40 })
        .catch(() => "");
      return { ...order, session, call };
    });
    const pid = await world.pid();
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    await killed(pid);
    await Promise.all(given.map(({ call }) => call));
    const { stdout, code } = await world.run("daemon", "start");
    if (code !== 0) kills.wrong.push(`kill ${at}: the next daemon did not start`);
    for (const { token, session } of given) {
      const line = stdout.split("\n").find((one) => one.includes(`session ${session} `)) ?? "";
      const ran = tokens.count(token);
      kills.given++;
      kills.ran += ran;
      if (ran > 1) kills.wrong.push(`kill ${at}: ${token} ran ${ran} times`);
      // A command that ran was under way, and is named as such.
      if (line.includes(token)) kills.told++;
      else if (ran > 0) kills.wrong.push(`kill ${at}: ${token} in ${session} was not named: ${stdout}`);
      if (!line) kills.wrong.push(`kill ${at}: the loss of ${session} was not said: ${stdout}`);
    }
    await agent.close();
  }
  return kills;
}

/** Its line in the list, once nothing runs in it. */
async function settled(keeper: Agent, session: string): Promise<string> {
  for (;;) {
    const line = await keeper.call("ssh_sessions", { session });
    if (!/ {2}(busy|starting) · /.test(line)) return line;
    await keeper.call("ssh_read", { session, timeout_s: 5 });
  }
}

function working(work: () => Promise<unknown>): { stop(): Promise<void> } {
  let on = true;
  const done = (async () => {
    while (on) await work();
  })();
  return {
    async stop() {
      on = false;
      await done;
      await until(() => true);
    },
  };
}
