import { type Outcome, ofPath, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { forNames, type Handler, valued } from "./running.ts";

const CURL_VALUED = valued(
  "-o -d -H -X -u -T -F -A -b -c -e -x -K -m -w -E -C -r -s0 -y -Y -z -P -Q -t -U -D --output --data --data-raw --data-binary --data-urlencode --json --header --request --user --upload-file --form --user-agent --cookie --cookie-jar --referer --proxy --config --max-time --connect-timeout --write-out --cert --key --cacert --capath --retry --retry-delay --resolve --range --output-dir --unix-socket --interface --quote --dump-header --trace --trace-ascii --max-redirs --limit-rate --url",
);

const curl: Handler = (args, { scope }) => {
  const { options, operands } = parseOptions(args, { valued: CURL_VALUED });
  const values = (...names: string[]) =>
    options.filter(({ name }) => names.includes(name)).map(({ value }) => value ?? "");
  let result = outcome("read", "reads over the network");
  for (const file of values(
    "-o",
    "--output",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
    "--trace",
    "--trace-ascii",
  ))
    if (file !== "-") result = worse(result, ofPath(file, "replace", scope.folder));
  if (options.some(({ name }) => ["-O", "--remote-name", "--remote-name-all", "-J"].includes(name)))
    result = worse(result, outcome("write", "downloads a file"));
  if (values("-K", "--config").length > 0)
    result = worse(result, outcome("opaque", "reads its options from a file"));
  if (values("-Q", "--quote").some((word) => /DELE|RMD|RNFR|rm|rmdir|rename/i.test(word)))
    result = worse(result, outcome("irreversible", "removes files on a server"));
  const data = values(
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "-T",
    "--upload-file",
  );
  const method = values("-X", "--request").at(-1)?.toUpperCase();
  return worse(
    result,
    ofRequest(method ?? (data.length > 0 ? "POST" : "GET"), [...data, ...operands.map(({ text }) => text)]),
  );
};

/** What a request over HTTP does, by its method and what is asked for. */
function ofRequest(method: string, texts: readonly string[]): Outcome {
  if (method.includes(UNKNOWN)) return outcome("opaque", "what is asked of the server cannot be known");
  if (method === "DELETE") return outcome("irreversible", "asks a server to delete");
  if (/^(?:GET|HEAD|OPTIONS|TRACE|PROPFIND)$/.test(method)) return outcome("read", "reads over the network");
  const search =
    texts.some((text) => /_search|_count|_msearch|\/query\b|graphql/.test(text)) &&
    !texts.some((text) => /mutation|delete/i.test(text));
  if (search) return outcome("write", "asks a server");
  if (
    texts.some((text) =>
      /shutdown|reboot|restart|delete|destroy|_close\b|drop|purge|reset|terminate|disable|factory|wipe|flush|_remove|\/kill|\/stop/i.test(
        text,
      ),
    )
  )
    return outcome("disruptive", "asks a server to take something away");
  return method === "POST"
    ? outcome("write", "sends to a server")
    : outcome("disruptive", "replaces what a server holds");
}

/** HTTPie: `http DELETE host`. */
const http: Handler = (args) => {
  const words = args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  const method = /^[A-Z]+$/.test(words[0] ?? "")
    ? (words[0] ?? "")
    : words.some((word) => /^[\w.-]+:?=/.test(word))
      ? "POST"
      : "GET";
  return ofRequest(method, words);
};

/** What asks a server over HTTP. */
export const REQUEST_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...forNames("curl", curl),
  ...forNames("http https xh httpie", http),
]);
