import { el, show } from "./dom.ts";

export interface Tab {
  readonly name: string;
  readonly node: HTMLElement;
  /** Its content is fetched when it is looked at. */
  readonly opened?: () => void;
}

/** Tabs as the ARIA practices have them: arrows go through them. */
export class Tabs {
  readonly node: HTMLElement;
  readonly #tabs: readonly (Tab & { readonly button: HTMLButtonElement; readonly panel: HTMLElement })[];
  #open = 0;

  constructor(label: string, tabs: readonly Tab[]) {
    this.#tabs = tabs.map((tab, at) => {
      const id = tab.name.toLowerCase().replaceAll(" ", "-");
      const button = el(
        "button",
        { role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, click: () => this.#show(at) },
        tab.name,
      );
      const panel = el(
        "div",
        { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, tabindex: "0" },
        tab.node,
      );
      return { ...tab, button, panel };
    });
    const list = el(
      "div",
      { role: "tablist", "aria-label": label },
      ...this.#tabs.map(({ button }) => button),
    );
    list.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step === undefined) return;
      this.#show((this.#open + step + tabs.length) % tabs.length);
      this.#tabs[this.#open]?.button.focus();
    });
    this.node = el("div", { class: "tabs" }, list, ...this.#tabs.map(({ panel }) => panel));
    this.#draw();
  }

  /** What is looked at has changed. */
  refresh(): void {
    this.#tabs[this.#open]?.opened?.();
  }

  again(): void {
    this.#open = 0;
    this.#draw();
  }

  #show(at: number): void {
    this.#open = at;
    this.#draw();
    this.refresh();
  }

  #draw(): void {
    for (const [at, { button, panel }] of this.#tabs.entries()) {
      const open = at === this.#open;
      button.setAttribute("aria-selected", String(open));
      button.tabIndex = open ? 0 : -1;
      show(panel, open);
    }
  }
}
