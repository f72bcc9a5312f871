import { el, text } from "./dom.ts";

/** Asks for a token; what is said of a wrong one is read out. */
export function signIn(why: string, tried: (token: string) => Promise<string | undefined>): HTMLElement {
  const said = el("p", { role: "alert", class: "said" }, why);
  const token = el("input", {
    type: "password",
    id: "token",
    autocomplete: "off",
    "aria-describedby": "how",
  });
  const form = el(
    "form",
    { class: "sign-in" },
    el("h1", {}, "ssh-mcp"),
    el(
      "p",
      { id: "how", class: "muted" },
      "Open the link that ssh-mcp web prints, or sign in with a token of this server; none is needed where it serves without.",
    ),
    el("label", { for: "token" }, "Token"),
    token,
    el("button", { class: "strong", type: "submit" }, "Sign in"),
    said,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = token.value.trim();
    token.value = "";
    void tried(given).then((failed) => {
      if (failed === undefined) return;
      text(said, failed);
      token.focus();
    });
  });
  return el("main", { class: "center" }, form);
}
