import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { openWorkspace } from "../../src/app/workspace.ts";
import { Board } from "../../src/approval/board.ts";
import { stateFolder } from "../../src/base/state-folder.ts";
import type { Workspace } from "../../src/desk/contract.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { Viewers } from "../../src/desk/viewers.ts";
import { galleryOf } from "../../src/web/gallery.ts";
import type { Guest } from "../../src/web/guest.ts";
import { listenForPages, type OwnPage } from "../../src/web/listen.ts";
import type { Rights } from "../../src/web/words.ts";

/** The lab's hosts, a desk for an agent, and pages on a free port. */
export class Stage {
  readonly home = mkdtempSync(join(tmpdir(), "web-"));
  readonly viewers = new Viewers();
  readonly reported: unknown[] = [];
  readonly board: Board;
  rights: Rights | undefined;
  #workspace: Workspace | undefined;
  #page: OwnPage | undefined;
  readonly #around;

  constructor(rights: Rights = { type: false, approve: false }) {
    this.rights = rights;
    const env = { PATH: process.env.PATH, HOME: this.home, SHELL: "/bin/bash" };
    this.#around = { env, cwd: this.home, home: this.home, lab: true };
    this.board = new Board(stateFolder(this.#around), () => Date.now());
  }

  async open(): Promise<this> {
    const workspace = await openWorkspace(this.#around);
    this.#workspace = workspace;
    const place = { id: "all", workspace, viewers: this.viewers };
    const guest: Guest = {
      name: "jo over the web",
      rights: () => this.rights,
      sees: () => true,
      places: () => [place],
    };
    const gallery = galleryOf({
      version: "test",
      board: this.board,
      auditPath: async () => workspace.auditFile,
      now: () => Date.now(),
    });
    this.#page = await listenForPages(gallery, guest, 0, (error) => this.reported.push(error));
    return this;
  }

  get workspace(): Workspace {
    if (this.#workspace === undefined) throw new Error("not open");
    return this.#workspace;
  }

  get page(): OwnPage {
    if (this.#page === undefined) throw new Error("not open");
    return this.#page;
  }

  get url(): string {
    return `http://127.0.0.1:${this.page.port}`;
  }

  /** What an agent's call is answered. */
  async call(tool: string, args: Record<string, unknown>): Promise<string> {
    const desk = createDesk({
      workspace: async () => this.workspace,
      report: (error) => this.reported.push(error),
    });
    const caller = {
      id: "agent",
      kind: "agent",
      client: "agent",
      signal: new AbortController().signal,
    } as const;
    return (await desk.call(caller, tool, args)).text;
  }

  async dispose(): Promise<void> {
    await this.#page?.close();
    await this.#workspace?.dispose();
    await removed(this.home);
  }
}

/** A shell that ends may write its history still. */
async function removed(folder: string): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** Debian's Chromium; as root it runs only without its sandbox. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

export interface Seen {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of: a policy that was broken, an exception. */
  readonly complaints: string[];
}

export async function visit(
  browser: Browser,
  url: string,
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean } = {},
): Promise<Seen> {
  const { width = 1280, height = 800, dark = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, context, complaints };
}
