import { ofPath, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { absolute, isSystemFolder, UNKNOWN } from "./paths.ts";
import { forNames, type Handler, valued } from "./running.ts";

/** chmod(1), chown(1), chgrp(1), setfacl(1), chattr(1). */
const permissions: Handler = (args, { scope }, name) => {
  const { options, operands } = parseOptions(
    args.filter(({ text }) => !/^-[rwxXstugoa,+=-]+$/.test(text) || text === "-R"),
    {
      valued: valued(name === "setfacl" ? "-m -x -M -X --modify --remove --set" : "--from --reference"),
    },
  );
  const recursive = options.some(({ name: option }) => option === "-R" || option === "--recursive");
  const modeInOption =
    args.some(({ text }) => /^-[rwxXst]+$/.test(text)) ||
    options.some(({ name: option }) => option === "--reference");
  const mode = modeInOption || name === "setfacl" ? "" : (operands[0]?.text ?? "");
  const files = modeInOption || name === "setfacl" ? operands : operands.slice(1);
  let result = outcome("write", "changes who may read or write a file");
  // Nobody loses anything by rights that the owner keeps, and that let nobody else write.
  const careful = name === "chmod" && /^0?[4-7][0145]{2}$/.test(mode);
  for (const { text } of files) {
    if (!(careful && /^(?:~|\/home\/[^/]+|\/root)\/./.test(absolute(text, scope.folder ?? "~"))))
      result = worse(result, ofPath(text, "replace", scope.folder));
    if (
      recursive &&
      (isSystemFolder(text, scope.folder) ||
        text.startsWith(UNKNOWN) ||
        (/^(?:~|\.\.?|\*|\/tmp)\/?\*?$/.test(text) && name !== "chmod"))
    )
      result = worse(
        result,
        outcome(
          /^(?:\.|\*)$/.test(text) ? "write" : "disruptive",
          "changes rights on a whole part of the system",
        ),
      );
  }
  if (name !== "chmod") return result;
  if (
    /^0?[0-7]?(?:000|[0-7]?00|777|666)$/.test(mode) &&
    (recursive || /^0*$|^0?000$/.test(mode)) &&
    !/^0?[67]00$/.test(mode)
  )
    result = worse(result, outcome("disruptive", "takes every right away, or opens it to everybody"));
  if (/^[2467][0-7]{3}$|[ug]\+?[rwx]*s|\+s/.test(mode) && !/^0/.test(mode))
    result = worse(result, outcome("disruptive", "lets others run it with the rights of its owner"));
  if (/^(?:a|ugo|u)?-[rwx]+$/.test(mode) && recursive)
    result = worse(result, outcome("disruptive", "takes rights away"));
  if (args.some(({ text }) => /^-[rwx]+$/.test(text)) && recursive)
    result = worse(result, outcome("disruptive", "takes rights away"));
  return result;
};

export const PERMISSION_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  forNames("chmod chown chgrp setfacl", permissions),
);
