import { pick } from "../../seeds/random.ts";

type Random = () => number;

/**
 * Random programs for a shell, of every construct that runs a command. Their commands are `c0` to `c99`, which no PATH has, so that
 * a real bash can run them and say which it came to.
 */
export function randomProgram(random: Random): string {
  const gen = new Programs(random);
  const lines = Array.from({ length: 1 + gen.below(3) }, () => gen.list(3));
  return lines.join(gen.one("\n", "; ", "\n"));
}

class Programs {
  readonly #random: Random;
  #heredocs: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  one(...from: readonly [string, ...string[]]): string {
    return pick(this.#random, from);
  }

  /** A list of commands, with the bodies of its here-documents behind it. */
  list(depth: number): string {
    const outer = this.#heredocs;
    this.#heredocs = [];
    const text = this.#joined(depth);
    const bodies = this.#heredocs;
    this.#heredocs = outer;
    return bodies.length === 0 ? text : `${text}\n${bodies.join("\n")}\n`;
  }

  #joined(depth: number): string {
    const parts = Array.from({ length: 1 + this.below(2) }, () => this.#command(depth));
    return parts.join(this.one(" && ", " || ", "; ", " | ", " |& "));
  }

  #name(): string {
    const name = `c${this.below(100)}`;
    const rest = name.slice(1);
    return this.one(
      name,
      name,
      name,
      `c"${rest}"`,
      `c''${rest}`,
      `\\c${rest}`,
      `$'c${rest}'`,
      `"${name}"`,
      `c\\\n${rest}`,
    );
  }

  #command(depth: number): string {
    if (depth <= 0) return this.#simple(0);
    const inner = () => this.list(depth - 1);
    const block = () => `${inner()}\n`;
    const kinds: readonly [() => string, ...(() => string)[]] = [
      () => this.#simple(depth),
      () => this.#simple(depth),
      () => this.#simple(depth),
      () => this.#simple(depth),
      () => `( ${block()})`,
      () => `{ ${block()}}`,
      () => `if ${block()}then ${block()}fi`,
      () => `if ${block()}then ${block()}elif ${block()}then :\nelse ${block()}fi`,
      () => `for x in ${this.#word(depth - 1)} 2; do ${block()}done`,
      () => `for ((i=${this.#arithmetic(depth - 1)}; i<1; i++)); do ${block()}done`,
      () => `while c${this.below(100)} ${this.#word(depth - 1)}; do ${block()}done`,
      () =>
        `case ${this.#word(depth - 1)} in ${this.one("x", "*", `$(c${this.below(100)})`, "[a-z]*")}) ${block()};; *) ${block()};; esac`,
      () => `f${this.below(3)}() { ${block()}}; f${this.below(3)}`,
      () => `function g { ${block()}}; g`,
      () => `! ${this.#simple(depth)}`,
      () => `time ${this.#simple(depth)}`,
      () => `coproc ${this.#simple(0)}`,
      () => `[[ ${this.#word(depth - 1)} ${this.one("==", "!=", "=~", "<")} ${this.#word(depth - 1)} ]]`,
      () => `[[ -n ${this.#word(depth - 1)} && ( -z x || -e ${this.#word(depth - 1)} ) ]]`,
      () => `(( ${this.#arithmetic(depth - 1)} ))`,
      () => `${this.#simple(depth)} &`,
      () => `eval ${this.one("'c1 x; c2'", '"c3 $(c4)"', "c5 c6", "'c7 `c8`'")}`,
      () => `trap '${this.one("c9", "c10; c11")}' ${this.one("EXIT", "DEBUG", "ERR", "INT")}`,
      () =>
        `${this.one("command", "builtin eval", "command -p", "exec")} ${this.#name()} ${this.#word(depth - 1)}`,
      () => this.#hidden(),
      () => `x=${this.#word(depth - 1)}; ${this.one("$x", '"$x"', "${x}", "echo $x")} a`,
      () => `# ${this.one("c12", "$(c13)", "'", '"')}\n${this.#simple(depth)}`,
      () => `select s in ${this.#word(depth - 1)}; do ${block()}break; done`,
    ];
    return pick(this.#random, kinds)();
  }

  /** Places where a command is hidden from whoever reads words only. */
  #hidden(): string {
    const name = `c${this.below(100)}`;
    return this.one(
      `echo a[ $(${name}) ]`,
      `a[ $(${name}) ]=1`,
      `a[$(${name})]=1`,
      `a=([$(${name})]=x)`,
      `test -v 'a[$(${name})]'`,
      `[[ -v a[$(${name})] ]]`,
      `[[ 'a[$(${name})]' -eq 0 ]]`,
      `let 'a[$(${name})]=1'`,
      `unset 'a[$(${name})]'`,
      `read 'a[$(${name})]' <<< x`,
      `printf -v 'a[$(${name})]' x`,
      `declare 'a[$(${name})]=1'`,
      `x='a[$(${name})]'; echo $((x))`,
      `x='$(${name})'; echo "\${x@P}"`,
      `echo \${y:=$(${name})}`,
      `echo "\${y:-"$(${name})"}"`,
      `echo \${#a[$(${name})]}`,
      `echo \${x/$(${name})/y} \${x:$(${name}):1}`,
      `echo {a,$(${name})}`,
      `echo "$(echo "$(${name})")"`,
      `echo \`echo \\\`${name}\\\`\``,
      `echo $(( $(${name}) + 1 )) $[ 1 + $(${name}) ]`,
      `mapfile -C ${name} -c 1 < /dev/null; mapfile -C ${name} -c 1 <<< x`,
      `cat_() { "$@"; }; cat_ ${name}`,
      `: "\${x:?$(${name})}"`,
      `echo <(${name}) >(${name})`,
      `echo +(a|$(${name}))`,
      `echo "a'$(${name})'b" 'a"$(no)"b'`,
      `local x=$(${name}); export y=$(${name})`,
      `readonly z${this.below(9)}=$(${name})`,
      `printf %s $'a\\'$(no)' $(${name})`,
      `: \\\n $(${name})`,
    );
  }

  #simple(depth: number): string {
    const assigned = this.below(5) === 0 ? `v=${this.#word(depth - 1)} ` : "";
    const words = Array.from({ length: this.below(3) }, () => this.#word(depth - 1));
    return [assigned + this.#name(), ...words, this.#redirection(depth - 1)]
      .filter((one) => one !== "")
      .join(" ");
  }

  #redirection(depth: number): string {
    const kind = this.below(12);
    if (kind === 0) return `> /dev/null`;
    if (kind === 1) return `2>&1`;
    if (kind === 2) return `<<< ${this.#word(depth)}`;
    if (kind === 3) return `< <(${this.#simple(0)})`;
    if (kind === 4 || kind === 5) {
      const end = `E${this.below(1000)}`;
      const quoted = kind === 5;
      const body = this.one(
        `text $(c${this.below(100)})`,
        `\`c${this.below(100)}\` "x`,
        "plain 'text",
        `\\$(c14) \${x:-$(c${this.below(100)})}`,
      );
      this.#heredocs.push(`${body}\n${end}`);
      return `<<${quoted ? `'${end}'` : end}`;
    }
    return "";
  }

  #word(depth: number): string {
    const text = this.one(
      "a",
      "x*",
      "'c15 $(c16)'",
      '"a b"',
      "$x",
      '"${x}"',
      "\\$\\(c17\\)",
      "{a,b}",
      "~",
      "$'\\n'",
      "a=b",
      '"!"',
      "-x",
    );
    if (depth <= 0) return text;
    const inner = this.#simple(depth - 1).replaceAll("\n", " ");
    const plain = /<<E|<<'E|#/.test(inner) ? `c${this.below(100)}` : inner;
    return this.one(
      text,
      text,
      `$(${plain})`,
      `"$(${plain})"`,
      `"a$(${plain})b"`,
      /[`\\'"$]/.test(plain) ? text : `\`${plain}\``,
      `\${x:-$(${plain})}`,
      `"\${x:-$(${plain})}"`,
      `$((1 + ${this.#arithmetic(depth - 1)}))`,
      `<(${plain})`,
      `pre$(${plain})'post'`,
      `"\${a[$(${plain})]}"`,
    );
  }

  #arithmetic(depth: number): string {
    const name = `c${this.below(100)}`;
    return depth <= 0
      ? this.one("1", "x", "x+2")
      : this.one(
          "1",
          "x",
          `$(${name})`,
          `\`${name}\``,
          `a[$(${name})]`,
          `(2*$(${name}))`,
          `x ? $(${name}) : 1`,
        );
  }
}
