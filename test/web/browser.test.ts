import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportRecording } from "../../src/commands/recordings/export.ts";
import { launch, type Seen, Stage, visit } from "./kit.ts";

const root = join(import.meta.dirname, "..", "..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(root, ".test-state", "web");

let stage: Stage;
let browser: Browser;
let seen: Seen;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  [stage, browser] = await Promise.all([new Stage({ type: true, approve: true }).open(), launch()]);
  await stage.call("ssh_connect", { host: "lab-sh" });
  seen = await visit(browser, stage.page.link());
});

afterAll(async () => {
  await browser?.close();
  await stage?.dispose();
});

/** What xterm in the page shows, row by row. */
function rowsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".xterm-rows > div")].map((row) => (row.textContent ?? "").trimEnd()),
  );
}

async function shows(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector(".xterm-rows")?.textContent?.includes(wanted) === true,
    text,
  );
}

function opened(page: Page, session: string): Promise<void> {
  return page.click(`a.card[href="#/all/${session}"]`);
}

it("a session is a card; its terminal is shown live, row by row as our own screen has it, and the browser has nothing to complain of", async () => {
  const { page, complaints } = seen;
  expect(page.url()).toBe(`${stage.url}/ui/`);
  await opened(page, "lab-sh");
  await stage.call("ssh_shell", {
    session: "lab-sh",
    command:
      "printf '\\e[31mred\\e[0m \\e[1;7mbold\\e[0m \\e[38;5;208m256\\e[48;2;9;9;99mrgb\\e[0m wide:漢字 e\\u0301 \\xe2\\x98\\x83\\n'; seq 3",
  });
  await shows(page, "red bold 256rgb wide");
  const { rows, cursor, size } = stage.workspace.multiplexer.view("lab-sh").screen();
  await expect.poll(() => rowsOf(page)).toEqual([...rows, ...Array(size.rows - rows.length).fill("")]);
  expect(cursor.row).toBe(rows.length - 1);
  const looks = (text: RegExp) =>
    page
      .locator(".xterm-rows span", { hasText: text })
      .last()
      .evaluate((node) => {
        const { color, backgroundColor, fontWeight } = getComputedStyle(node);
        return { color, backgroundColor, fontWeight };
      });
  expect(await looks(/^red$/)).toMatchObject({ color: "rgb(179, 38, 30)" });
  expect(await looks(/^bold$/)).toMatchObject({ fontWeight: "700", backgroundColor: "rgb(27, 31, 36)" });
  expect(await looks(/^rgb$/)).toMatchObject({ backgroundColor: "rgb(9, 9, 99)" });
  await page.getByText("exit 0").first().waitFor();
  expect(complaints).toEqual([]);
});

it("what a host prints does nothing in the page: no link, no title, no clipboard, no element", async () => {
  const { page, complaints } = seen;
  await page.evaluate(() => {
    Object.assign(globalThis, { copied: 0 });
    navigator.clipboard.writeText = async () => void Reflect.set(globalThis, "copied", 1);
  });
  const hostile = [
    "\\e]52;c;aGlqYWNrZWQ=\\a",
    "\\e]0;hijacked\\a",
    "\\e]8;;https://evil.example/\\aclick me\\e]8;;\\a",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1) https://evil.example/",
    "\\e[c\\e[6n\\e]10;?\\a",
    "end-of-hostile",
  ].join("");
  await stage.call("ssh_shell", { session: "lab-sh", command: `clear; printf '%b\\n' '${hostile}'` });
  await shows(page, "end-of-hostile");
  expect(await page.title()).toBe("lab-sh · ssh-mcp");
  expect(await page.locator(".session a:not(.back), img, iframe, script:not([src])").count()).toBe(0);
  expect(await page.evaluate(() => Reflect.get(globalThis, "copied"))).toBe(0);
  expect(complaints).toEqual([]);
});

it("who may type takes the keyboard, types, and hands it back; the agent is told what was done", async () => {
  const { page } = seen;
  await page.keyboard.type("not typed");
  await page.click("text=Take the keyboard");
  await page.getByText("You have the keyboard").waitFor();
  expect(await stage.call("ssh_shell", { session: "lab-sh", command: "echo agent" })).toContain(
    "jo over the web",
  );
  await page.keyboard.type("echo by-$((40+2))");
  await page.keyboard.press("Enter");
  await shows(page, "by-42");
  expect((await rowsOf(page)).join("\n")).not.toContain("not typed");
  await page.keyboard.press("Control+Shift+X");
  await page.getByText("Agents type").waitFor();
  const told = await stage.call("ssh_shell", { session: "lab-sh", command: "echo again" });
  expect(told).toContain("has handed it back");
  expect(told).toContain("by-$((40+2))");
});

it("the transcript is searched, and the audit trail says who typed", async () => {
  const { page } = seen;
  await page.click("role=tab[name=Transcript]");
  await page.fill("#search", "by-42");
  await page.locator(".transcript mark", { hasText: "by-42" }).waitFor();
  await page.click("role=tab[name='Audit trail']");
  await page.locator(".audit li", { hasText: "jo over the web" }).first().waitFor();
});

/** What an agent's call leaves on the board where a host's policy asks a person. */
function ordered(text: string, risk: "irreversible" | "disruptive") {
  return stage.board.post({
    key: `key-of-${text.length}`,
    host: "db1",
    address: "root@10.0.0.5:22",
    session: "db1",
    what: "run",
    text,
    risk,
    reasons: [`${risk}: deletes files <b>(rm)</b>`],
    client: "agent",
  });
}

it("an order that waits is shown whole and answered once; what cannot be undone needs the host's name", async () => {
  const { page } = seen;
  const { id } = await ordered("rm -rf /srv/data <script>alert(1)</script>", "irreversible");
  const order = page.locator(".approvals li");
  await order.locator("pre", { hasText: "rm -rf /srv/data <script>alert(1)</script>" }).waitFor();
  await order.getByText("Approve exactly this").click();
  await page.getByRole("alert").filter({ hasText: "the name of its host was not typed" }).waitFor();
  expect(await stage.board.answer(id)).toBeUndefined();
  await order.locator("input").fill("db1");
  await order.getByText("Approve exactly this").click();
  await order.waitFor({ state: "detached" });
  expect(await stage.board.answer(id)).toMatchObject({ yes: true, by: "jo over the web" });
});

/** On a desk the list stands beside the session. */
const LOOKED_AT = new Set(["session-1280-dark", "session-1280-light", "session-390-light", "list-390-dark"]);

it("pages fit a phone and a desk, in the dark and in the light, and axe finds nothing", async () => {
  const { page } = seen;
  await ordered("systemctl restart postgresql", "disruptive");
  await page.locator(".approvals li").waitFor();
  await page.click("role=tab[name=Commands]");
  const faults: string[] = [];
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const)
    for (const colorScheme of ["dark", "light"] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const place of ["#/all/lab-sh", "#"]) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, place);
        const name = `${place === "#" ? "list" : "session"}-${width}-${colorScheme}`;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) faults.push(`${name}: ${wide} px too wide`);
        if (!LOOKED_AT.has(name)) continue;
        faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
        await page.screenshot({ path: join(pictures, `${name}.png`), caret: "initial" });
      }
    }
  expect(faults).toEqual([]);
});

/** Contrast, names, roles: all of axe's rules. The engine is evaluated, not put into the page: its policy would not have it. */
async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(`typeof axe === "undefined" && (() => { ${axe} })()`);
  return page.evaluate(async () => {
    const engine: unknown = Reflect.get(globalThis, "axe");
    const { violations } = await (
      engine as { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> }
    ).run();
    return violations.map(
      ({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  });
}

it("an exported recording plays from one file that loads nothing, and what was recorded does nothing in it", async () => {
  const cast = join(stage.home, "web1.cast");
  const lines: [number, string, string][] = [
    [0.1, "o", "$ "],
    [0.1, "m", "#1 show </script><script>alert(1)</script>"],
    [
      0.1,
      "o",
      "\u001b]52;c;aGk=\u0007\u001b]0;hijacked\u0007\u001b[31mred\u001b[0m <img src=x onerror=alert(1)>\r\n",
    ],
    [0.5, "m", "#1 done exit=0"],
    [30, "o", "the end\r\n"],
  ];
  const header = '{"version":3,"term":{"cols":40,"rows":5},"timestamp":1,"title":"web1 <b>on</b> web1"}';
  writeFileSync(cast, [header, ...lines.map((line) => JSON.stringify(line)), ""].join("\n"));
  const out = join(stage.home, "web1.html");
  const place = { env: {}, cwd: stage.home, home: stage.home };
  expect(await exportRecording(cast, { format: "html", out }, place)).toBe(0);
  const { page, context, complaints } = await visit(browser, `file://${out}`, { width: 390 });
  const asked: string[] = [];
  page.on("request", (sent) => asked.push(sent.url()));
  await page.getByText("#1 done exit=0").click();
  await page.locator(".screen", { hasText: "red <img src=x onerror=alert(1)>" }).waitFor();
  expect(await page.locator(".screen").textContent()).not.toContain("the end");
  await page.locator("#speed").selectOption("16");
  await page.getByRole("button", { name: "Play" }).click();
  await page.locator(".screen", { hasText: "the end" }).waitFor();
  expect(await page.title()).toBe("web1 <b>on</b> web1");
  expect(await page.locator("img, main script, h1 b").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  expect([complaints, asked]).toEqual([[], []]);
  await page.screenshot({ path: join(pictures, "recording-390-light.png"), caret: "initial" });
  await context.close();
});

it("text is made larger, and stays within the page: the terminal alone is scrolled", async () => {
  const { page } = seen;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stage.url}/ui/#/all/lab-sh`);
  await shows(page, "again");
  const height = () =>
    page
      .locator(".xterm-rows > div")
      .first()
      .evaluate((row) => row.clientHeight);
  const before = await height();
  for (let times = 0; times < 4; times++) await page.getByRole("button", { name: "Larger text" }).click();
  await expect.poll(height).toBeGreaterThan(before * 1.5);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

it("by the keyboard alone: a session is chosen, its tabs are gone through, and signing out ends it", async () => {
  const { page } = seen;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${stage.url}/ui/#`);
  await page.locator("a.card").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("h2:focus", { hasText: "lab-sh" }).waitFor();
  await page.locator("role=tab[name=Commands]").focus();
  await page.keyboard.press("ArrowRight");
  expect(await page.locator("[role=tab][aria-selected=true]").textContent()).toBe("Transcript");
  await page.getByText("Sign out").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Token").waitFor();
  await page.reload();
  await page.getByLabel("Token").waitFor();
  expect(stage.reported).toEqual([]);
  await expect.poll(() => stage.viewers.all).toEqual([]);
});
