import { describe, expect, it } from "vitest";
import { bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };

/** A switch; `go X` leads to the prompt X without a word. */
const switchLike: OnLine = (line, device) => {
  if (line.startsWith("go ")) device.prompt = line.slice(3);
  if (line === "configure terminal") device.prompt = device.prompt.replace(/[>#]$/, "(config)#");
  if (line === "enable") {
    device.print("\r\nPassword: ");
    device.echo = false;
    device.onKey = (key) => {
      if (key !== "\r") return;
      device.onKey = undefined;
      device.echo = true;
      device.answer("");
    };
    return;
  }
  if (line === "reload") return device.print("\r\nProceed? [confirm]");
  if (line === "copy") return device.print("\r\nTo which file: ");
  device.answer(line.startsWith("show ") ? `output of ${line.slice(5)}` : "");
};

async function at(prompt: string, line = "") {
  const session = await bench(switchLike, { prompt: "sw1#" });
  await session.open();
  const went = await session.run(`go ${prompt}${line}`);
  return { session, went };
}

describe("A row that the caller calls a prompt", () => {
  it("is reported as a row that is not known, and offered", async () => {
    const { session, went } = await at("[2] other =>");
    expect(went.state).toMatchObject({ state: "asking", asked: "shell", row: "[2] other =>" });
    expect(session.pty.far.offer).toMatch(/"\[2\] other =>" is a prompt, ssh_shell with here: "prompt"/);
    await expect(session.tried("show x")).rejects.toThrow(/busy|not run/);
  });

  it("ends what waited for one, runs the command, and is used from then on", async () => {
    const { session, went } = await at("[2] other =>");
    const ran = await session.run("show x", { here: "prompt" });
    expect(ran).toMatchObject({ state: DONE, lines: ["output of x"], mode: "unknown" });
    expect(went.command.state).toBe("done");
    expect(went.command.remarks.join()).toMatch(/ended it as its prompt, on the caller's word/);
    expect(ran.notes.join()).toMatch(
      /on the caller's word "\[2\] other =>" is a prompt .*prompt_regex: '\^\\\[2\\\] other =>\$'/,
    );
    expect(await session.run("show y")).toMatchObject({ state: DONE, lines: ["output of y"] });
    expect(session.device.entered).toEqual(["go [2] other =>", "show x", "show y"]);
  });

  it("is so with what varies in it: a context, a counter, unsaved changes", async () => {
    const { session } = await at("[2] other =>");
    await session.run("show x", { here: "prompt" });
    for (const next of ["*[2] other =>", "[2] other(vlan 3)=>", "[7] other =>"])
      expect((await session.run(`go ${next}`)).state).toEqual(DONE);
    expect((await session.run("go [2] another =>")).state).toMatchObject({ state: "asking" });
  });

  it("ends what keys have entered, too", async () => {
    const session = await bench(switchLike, { prompt: "sw1#" });
    await session.open();
    expect(await session.keys("go other}#\r")).toMatchObject({ state: "asking", asked: "shell" });
    expect(await session.run("show x", { here: "prompt" })).toMatchObject({
      state: DONE,
      lines: ["output of x"],
    });
  });

  it("ends a job: none of its other lines is typed, not even with keep_going", async () => {
    const session = await bench(switchLike, { prompt: "sw1#" });
    await session.open();
    const job = await session.run("go other}#\nshow a\nshow b", { keepGoing: true });
    expect(job.state).toMatchObject({ state: "asking" });
    expect(await session.run("show x", { here: "prompt" })).toMatchObject({ state: DONE });
    expect(session.device.entered).toEqual(["go other}#", "show x"]);
    expect(job.command.remarks.join()).toMatch(/lines 2 to 3 were NOT typed \(the caller took the row/);
  });

  it("is the first of a session that knew none: it is prepared there, then the command runs", async () => {
    const session = await bench(switchLike, {
      prompt: "strange prompt }>",
      profile: { open: [{ send: "no paging" }] },
    });
    expect(await session.open()).toMatchObject({ state: "asking", row: "strange prompt }>" });
    const ran = await session.run("show x", { here: "prompt" });
    expect(ran).toMatchObject({ state: DONE, lines: ["output of x"] });
    expect(session.device.entered).toEqual(["no paging", "show x"]);
  });

  it("is nothing new where the prompt is known", async () => {
    const session = await bench(switchLike, { prompt: "sw1#" });
    await session.open();
    const ran = await session.run("show x", { here: "prompt" });
    expect(ran).toMatchObject({ state: DONE, mode: "enable", notes: [] });
    session.device.print("\r\nsw1#", 1);
    await session.clock.pass(50);
    expect(await session.run("show y", { here: "prompt" })).toMatchObject({ state: DONE, mode: "enable" });
  });

  it("leads nowhere: from a mode that is not known there are no steps to another", async () => {
    const { session } = await at("other}#");
    await expect(session.submit("show x", { here: "prompt", mode: "config" })).rejects.toThrow(
      /no steps from mode unknown to mode config/,
    );
    expect(session.device.entered).toEqual(["go other}#"]);
  });

  it("has no secret of the inventory typed where it does not show the name of the device", async () => {
    for (const prompt of ["sw2>", "other}>", "}>"]) {
      const { session } = await at(prompt);
      await session.run("show x", { here: "prompt" });
      session.device.prompt = "sw1>";
      await session.run("show y");
      const ran = await session.run("show z", { mode: "enable" });
      expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
      expect(session.device.writes.join("")).not.toContain("enable-secret");
    }
  });

  it("is refused where something is known against it, and nothing is typed", async () => {
    const asks: readonly (readonly [string, (device: FakeDevice) => void, RegExp])[] = [
      [
        "a question of the profile",
        (device) => device.print("\r\nProceed? [confirm]"),
        /asks for something else/,
      ],
      ["a secret", (device) => device.print("\r\nPassword: "), /asks for something else/],
      ["a secret nobody listed", (device) => device.print("\r\nParola: "), /reads like a question/],
      ["a pager", (device) => device.print("\r\n --More-- \u001b[99D"), /pager/],
      ["an empty row", (device) => device.print("\r\nworking\r\n"), /row is empty/],
      [
        "text behind the cursor",
        (device) => device.print("\r\nother}# text\u001b[5D"),
        /text behind the cursor/,
      ],
      ["a full-screen program", (device) => device.print("\u001b[?1049hother}#"), /full-screen/],
      ["the typed line itself", () => undefined, /line that was typed|still printing/],
    ];
    for (const [what, show, why] of asks) {
      const session = await bench((_line, device) => show(device), {
        prompt: "sw1#",
        profile: { pagers: [{ match: "^ --More-- ?$", key: " ", max: 1 }] },
      });
      await session.open();
      await session.run("work>", { timeoutMs: 9000 });
      const before = session.device.writes.length;
      await expect(session.submit("show x", { here: "prompt" }), what).rejects.toThrow(why);
      expect(session.device.writes.length, what).toBe(before);
    }
  });

  it("is refused while the terminal still prints", async () => {
    const session = await bench((_line, device) => {
      for (let ms = 100; ms < 4000; ms += 100) device.print("=>", ms);
    });
    await session.open();
    const ran = await session.run("work", { timeoutMs: 1000 });
    expect(ran.state).toMatchObject({ state: "running" });
    await expect(session.submit("show x", { here: "prompt" })).rejects.toThrow(/still printing/);
  });
});

describe("A prompt that differs from those seen in what varies", () => {
  it("ends a command; where the profile has no word for it the mode is unknown", async () => {
    const session = await bench(switchLike, { prompt: "sw1#" });
    await session.open();
    for (const next of ["sw1(fabric)#", "sw1[boot]#", "*sw1(fabric)#", "sw1{2}>"]) {
      const ran = await session.run(`go ${next}`);
      expect(ran).toMatchObject({ state: DONE, mode: "unknown", host: "sw1", lines: [] });
    }
    expect(await session.run("go sw1(config)#")).toMatchObject({ state: DONE, mode: "config" });
    expect(await session.run("go sw1>")).toMatchObject({ state: DONE, mode: "exec" });
  });

  it("does so a second later than a prompt of the profile: such a row may be a part of the output", async () => {
    const session = await bench(
      (_line, device) => {
        device.print("\r\nsw1(fabric)#");
        device.print(`show log\r\nend\r\n${device.prompt}`, 700);
      },
      { prompt: "sw1#" },
    );
    await session.open();
    expect((await session.run("more x")).lines).toEqual(["sw1(fabric)#show log", "end"]);
  });

  it("does so where no profile knows the device", async () => {
    const session = await bench(switchLike, {
      prompt: "LB-Active-pool[1/1]>",
      profile: { learn: true, prompts: [] },
    });
    await session.open();
    for (const next of ["LB-Standby-pool[1/1]>", "LB-ForcedStandby-pool[1/1]#"])
      expect(await session.run(`go ${next}`)).toMatchObject({ state: DONE, mode: "exec" });
    const config = await session.run("go LB-Standby-pool[1/1](config)#");
    expect(config).toMatchObject({ state: DONE, mode: "config" });
    expect((await session.run("go DB-Active-pool[1/1]>")).state).toMatchObject({ state: "asking" });
  });
});

describe("A prompt of another host", () => {
  it("ends nothing by itself where no line leads to one: it is told, and taken on the caller's word", async () => {
    const { session, went } = await at("sw2#");
    expect(went.state).toMatchObject({ state: "asking", asked: "shell", evidence: "pattern", row: "sw2#" });
    expect(went.host).toBe("sw1");
    expect(await session.run("show x", { here: "prompt" })).toMatchObject({ state: DONE, host: "sw2" });
  });

  it("is a program's own, by the names of such programs, and no host", async () => {
    for (const prompt of ["sftp>", "ftp>"]) {
      const { went } = await at(prompt);
      expect(went.state).toMatchObject({ state: "asking", asked: "repl", row: prompt });
      expect(went.host).toBe("sw1");
    }
  });

  it("is the device's own behind a line that gives that name, quoted or not", async () => {
    const session = await bench((line, device) => {
      if (line.startsWith("hostname ")) device.prompt = `${line.slice(9).replaceAll('"', "")}#`;
      device.answer("");
    });
    await session.open();
    for (const name of ["edge-7", '"core-2"'])
      expect(await session.run(`hostname ${name}`)).toMatchObject({
        state: DONE,
        host: name.replaceAll('"', ""),
      });
  });

  it("is the device's own behind a line that takes its name away, or lets a configuration take effect", async () => {
    for (const line of ["no hostname", "delete system host-name", "commit", "rollback 1"]) {
      const session = await bench((_line, device) => {
        device.prompt = "localhost#";
        device.answer("");
      });
      await session.open();
      expect(await session.run(line), line).toMatchObject({ state: DONE, host: "localhost" });
    }
  });

  it("is one that the line led to, or that a login before it shows", async () => {
    const session = await bench(
      (line, device) => {
        device.prompt = line === "exit" ? "sw1#" : "sw2#";
        device.answer(line === "core" ? "Trying 10.0.0.2 ... Open\n" : "");
      },
      { prompt: "sw1#" },
    );
    await session.open();
    for (const line of ["ssh 10.0.0.2", "exit", "core"])
      expect((await session.run(line)).state).toEqual(DONE);
  });
});
