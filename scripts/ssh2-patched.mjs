// For what runs from source (tests, benchmarks): ssh2 is loaded with its patch, as the bundle has it. Import it before ssh2.
// ssh2 is CommonJS, and Node compiles every such module through this method, whoever imports it.
import Module from "node:module";
import { patchedSsh2 } from "./ssh2-patch.mjs";

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  const patched = /[\\/]ssh2[\\/]lib[\\/]/.test(filename) ? patchedSsh2(filename) : undefined;
  return compile.call(this, patched ?? content, filename, ...rest);
};
