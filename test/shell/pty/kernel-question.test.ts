import { describe, expect, it } from "vitest";
import type { KernelEvidence } from "../../../src/shell/evidence/kernel.ts";
import type { Framing } from "../../../src/shell/pty/framing.ts";
import { KernelQuestion } from "../../../src/shell/pty/kernel-question.ts";
import { type Eye, look } from "../../../src/shell/pty/look.ts";
import type { Snapshot } from "../../../src/shell/pty/snapshot.ts";
import { FakeClock } from "../../fake-clock.ts";
import { execOf } from "../../running.ts";
import { seenOf } from "../seen.ts";

const READS_LINE: KernelEvidence = { waiting: "line", program: "cat", shellInFront: false };

/** A shell whose kernel says whether its terminal shows what is typed, and how often it was asked. */
function asked() {
  const far: { shows: "on" | "off"; count: number } = { shows: "on", count: 0 };
  const beside = execOf(() => {
    far.count++;
    return far.shows;
  });
  const framing: Pick<Framing, "echo" | "kernelQuery"> = {
    echo: () => "kernel",
    kernelQuery: {
      command: () => "stty",
      judge: () => READS_LINE,
      echo: (answer) => (answer === "on" ? "on" : "off"),
    },
  };
  return { far, framing, question: new KernelQuestion(beside, new FakeClock(), () => {}) };
}

describe("whether the terminal shows what is typed", () => {
  it("is asked anew for each row where it did: a program may hide what is typed without sending a byte", async () => {
    const { far, framing, question } = asked();
    expect(await question.echo(framing, 100)).toBe("on");
    far.shows = "off";
    expect(await question.echo(framing, 100)).toBe("off");
    expect(far.count).toBe(2);
  });

  it("is not asked again where it did not, as long as nothing has come", async () => {
    const { far, framing, question } = asked();
    far.shows = "off";
    expect(await question.echo(framing, 100)).toBe("off");
    far.shows = "on";
    expect(await question.echo(framing, 100)).toBe("off");
    expect(far.count).toBe(1);
  });

  it("is asked again once a byte has come, whatever it was", async () => {
    const { far, framing, question } = asked();
    far.shows = "off";
    expect(await question.echo(framing, 100)).toBe("off");
    far.shows = "on";
    expect(await question.echo(framing, 101)).toBe("on");
    expect(far.count).toBe(2);
  });

  it("is not known from what the kernel said of who reads", async () => {
    const { far, framing, question } = asked();
    expect(await question.ask(framing, 100)).toMatchObject({ waiting: "line" });
    far.shows = "off";
    expect(await question.echo(framing, 100)).toBe("off");
  });
});

describe("a login that runs no shell", () => {
  const framing = {
    kernelQuery: { command: () => "ask", judge: () => undefined, echo: () => "unknown" as const },
  };

  it("is told by an answer that is none, also where it is not asked again", async () => {
    const question = new KernelQuestion(
      execOf(() => "unknown command from argument 1: `exec`"),
      new FakeClock(),
      () => {},
    );
    for (let at = 0; at < 3; at++)
      expect(await question.ask(framing, at)).toEqual({ waiting: "unknown", noShell: true });
  });

  it("is not known from an answer that was cut", async () => {
    const question = new KernelQuestion(
      execOf(() => "ssh-mcp-kernel-1 70 60"),
      new FakeClock(),
      () => {},
    );
    expect(await question.ask(framing, 0)).toEqual({ waiting: "unknown" });
  });
});

/** A terminal that is looked at; `meanwhile` happens while its kernel is asked. */
function eyeOf(meanwhile: (far: { moment: string; ended: boolean; framing: Pick<Framing, "look"> }) => void) {
  const judged: (KernelEvidence | undefined)[] = [];
  const answered: KernelEvidence[] = [];
  const framing = {
    base: { at: "prompt" } as const,
    look(seen: Snapshot) {
      judged.push(seen.kernel);
      return seen.kernel === undefined ? ("kernel" as const) : undefined;
    },
    answered: (kernel: KernelEvidence) => void answered.push(kernel),
  };
  const far = { moment: "1/1", ended: false, framing };
  const eye: Eye = {
    get ended() {
      return far.ended;
    },
    get framing() {
      return far.framing;
    },
    moment: () => far.moment,
    snapshot: (kernel) => seenOf({ ms: 300, ...(kernel === undefined ? {} : { kernel }) }),
    askKernel: async () => {
      meanwhile(far);
      return READS_LINE;
    },
    act: (action) => action(),
  };
  return { eye, judged, answered };
}

const LINE_READ = expect.objectContaining({ waiting: "line" });

describe("the kernel's answer to who reads", () => {
  it("is judged where nothing came meanwhile", async () => {
    const { eye, judged, answered } = eyeOf(() => {});
    await look(eye, seenOf({ ms: 300 }));
    expect(judged).toEqual([undefined, LINE_READ]);
    expect(answered).toEqual([LINE_READ]);
  });

  it("is not judged where a byte or a key came meanwhile, though what it says is noted", async () => {
    const { eye, judged, answered } = eyeOf((far) => {
      far.moment = "2/1";
    });
    await look(eye, seenOf({ ms: 300 }));
    expect(judged).toEqual([undefined]);
    expect(answered).toEqual([LINE_READ]);
  });

  it("is nothing to a framing that has taken the other's place, or to a terminal that has ended", async () => {
    for (const change of ["framing", "ended"] as const) {
      const { eye, judged, answered } = eyeOf((far) => {
        if (change === "ended") far.ended = true;
        else far.framing = { ...far.framing };
      });
      await look(eye, seenOf({ ms: 300 }));
      expect([judged, answered]).toEqual([[undefined], []]);
    }
  });
});
