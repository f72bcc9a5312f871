const UNIX = /OpenSSH|dropbear|libssh|AsyncSSH/i;

/** Is this the identification line of an SSH server of Unix systems? Some devices have one of these, too. */
export function isUnixIdent(ident: string): boolean {
  return UNIX.test(ident);
}
