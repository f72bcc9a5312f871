type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | boolean | (() => void) | undefined>>;

/** An element. Text is always text: nothing here makes elements of it. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Sets a text only where it is another: what a person has selected stays so. */
export function text(node: Element, value: string): void {
  if (node.textContent !== value) node.textContent = value;
}

export function show(node: HTMLElement, shown: boolean): void {
  node.hidden = !shown;
}

/** A list whose elements stay what they are while their contents change: focus and scrolling stay with them. */
export class Keyed<T> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (item: T) => string;
  readonly #make: (item: T) => { readonly node: HTMLElement; update(item: T): void };
  readonly #made = new Map<string, { readonly node: HTMLElement; update(item: T): void }>();

  constructor(
    parent: HTMLElement,
    keyOf: (item: T) => string,
    make: (item: T) => { readonly node: HTMLElement; update(item: T): void },
  ) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  show(items: readonly T[]): void {
    const keys = new Set(items.map(this.#keyOf));
    for (const [key, { node }] of this.#made)
      if (!keys.has(key)) {
        node.remove();
        this.#made.delete(key);
      }
    let before: Element | null = null;
    for (const item of items) {
      const key = this.#keyOf(item);
      const known = this.#made.get(key) ?? this.#make(item);
      this.#made.set(key, known);
      known.update(item);
      const next: Element | null =
        before === null ? this.#parent.firstElementChild : before.nextElementSibling;
      if (next !== known.node) this.#parent.insertBefore(known.node, next);
      before = known.node;
    }
  }
}

/** `4 s`, `12 min`, `3 h`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
