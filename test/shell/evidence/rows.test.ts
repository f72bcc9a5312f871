import { describe, expect, it } from "vitest";
import {
  askedByText,
  askedByWaitingRow,
  looksLikePosixPrompt,
  looksLikePrompt,
} from "../../../src/shell/evidence/rows.ts";
import { spawnsShell } from "../../../src/shell/evidence/shells.ts";

describe("a row that looks like a prompt", () => {
  it.each([
    "$ ",
    "# ",
    "% ",
    "> ",
    "user@host:~$ ",
    "root@host:/etc# ",
    "[root@host ~]# ",
    "host% ",
    "host1% ",
    "❯ ",
    "λ ",
    "»",
    "bash-5.2$ ",
    "sh-5.2# ",
    "~/src ❯ ",
    "user@host ~> ",
    "(venv) user@host:~$ ",
    "~ # ",
    "user@host ~ % ",
    "$",
  ])("%j", (row) => {
    expect(looksLikePrompt(row, false)).toBe(true);
  });

  it.each([
    "",
    "   ",
    "42% ",
    "100%",
    "Loading 7% ",
    "Username: ",
    "login: ",
    "Password: ",
    "a > b",
    "user@host:~$ ls",
    "Proceed? [y/N] ",
    "--More--",
    "Connecting...",
    "$  ",
  ])("is not %j", (row) => {
    expect(looksLikePrompt(row, false)).toBe(false);
  });

  it("may be anything while a line editor has bracketed paste on", () => {
    expect(looksLikePrompt("➜  ~ git:(main) ✗ ", true)).toBe(true);
    expect(looksLikePrompt("➜  ~ git:(main) ✗ ", false)).toBe(false);
  });
});

describe("a prompt that only a Unix shell has", () => {
  it.each([
    "$ ",
    "# ",
    "% ",
    "user@host:~$ ",
    "root@host:/etc# ",
    "[root@host ~]# ",
    "host% ",
    "bash-5.2$ ",
    "~/src ❯ ",
    "user@host ~> ",
    "~ # ",
    "/ # ",
    "root@srx:~ # ",
    "root@srx% ",
    "❯ ",
    "host:~ user$ ",
  ])("%j", (row) => {
    expect(looksLikePosixPrompt(row)).toBe(true);
  });

  it.each([
    "router>",
    "switch#",
    "user@router> ",
    "hostname(config)# ",
    "[admin@MikroTik] > ",
    "RP/0/RSP0/CPU0:r#",
    "FGT # ",
    "fw1 (global) # ",
    "<HUAWEI>",
    "> ",
    "C:\\> ",
    "Select> ",
    "login: ",
    "",
  ])("is not %j, into which no shell code is typed", (row) => {
    expect(looksLikePosixPrompt(row)).toBe(false);
  });
});

describe("a row that asks for", () => {
  it.each([
    "Password: ",
    "[sudo] password for bob: ",
    "bob@10.0.0.1's password: ",
    "Enter passphrase for key '/home/bob/.ssh/id_ed25519': ",
    "[sudo] Passwort für bob: ",
    "[sudo] Mot de passe de bob : ",
    "[sudo] contraseña para bob: ",
    "[sudo] senha para bob: ",
    "[sudo] hasło użytkownika bob: ",
    "[sudo] пароль для bob: ",
    "Пароль: ",
    "[sudo] bob 的密码：",
    "[sudo] bob のパスワード: ",
    "암호:",
    "[sudo] wachtwoord voor bob: ",
    "Lösenord: ",
    "Heslo: ",
    "Verification code: ",
    "One-time password (OATH) for `bob': ",
    "Enter PIN for 'YubiKey': ",
    "PIN: ",
    "(current) UNIX password: ",
    "Enter password:",
    "Passcode or option (1-3): ",
  ])("a secret: %j", (row) => {
    expect(askedByText(row)).toBe("password");
    expect(askedByWaitingRow(row)).toBe("password");
  });

  it.each([
    "Do you want to continue? [Y/n] ",
    "Proceed? [y/N]: ",
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
    "Overwrite (y/n)? ",
    "Is this ok [y/d/N]: ",
    "Delete? (Y/N): ",
    "Proceed with reload? [confirm]",
    "Stage this hunk [y,n,q,a,d,e,?]? ",
    "Proceed ([y]/n)? ",
    "Reset? [yes/no]: ",
  ])("a confirmation: %j", (row) => {
    expect(askedByText(row)).toBe("confirm");
  });

  it.each([
    "--More--",
    "--More--(42%)",
    " --More-- ",
    "<--- More --->",
    "(END)",
    "file.txt (END)",
    ":",
    "lines 1-23",
    "lines 1-23/100 42%",
    "Press any key to continue...",
  ])("the next page: %j", (row) => {
    expect(askedByText(row)).toBe("pager");
  });

  it.each([
    ">>> ",
    "... ",
    "In [1]: ",
    "mysql> ",
    "MariaDB [(none)]> ",
    "postgres=# ",
    "mydb=> ",
    "sqlite> ",
    "redis 127.0.0.1:6379> ",
    "127.0.0.1:6379> ",
    "ftp> ",
    "sftp> ",
    "(gdb) ",
    "(Pdb) ",
    "irb(main):001:0> ",
    "> ",
  ])("an expression: %j", (row) => {
    expect(askedByText(row)).toBe("repl");
  });

  it.each(["rm: remove regular file 'a'? ", "Name: ", "What is your name? ", "#? ", "Enter a number: "])(
    "an answer, where a program is known to wait: %j",
    (row) => {
      expect(askedByText(row)).toBeUndefined();
      expect(askedByWaitingRow(row)).toBe("question");
    },
  );

  it.each(["", "user@host:~$ ", "some output", "42%"])(
    "a line, where a program is known to wait: %j",
    (row) => {
      expect(askedByWaitingRow(row)).toBe("line");
    },
  );
});

describe("a row that only resembles a question is no evidence by itself", () => {
  it.each([
    "Downloading index: ",
    "really? ",
    "user@host:~$ ",
    "Password for bob expires in 5 days",
    "password changed",
    "Your password: accepted",
    "Checking password strength: ok",
    "reading passwords: ",
    "GPIO pin 4: ",
    "Spin: ",
    "http://host:",
    "12:34:56: ",
    "error: file not found:",
    "[1/2] Building:",
    "Progress [y/n] 3 of 5",
    "yes/no questions follow",
    "> 6 items",
    "a=b",
    "100%",
    "Copying: ",
    "",
  ])("%j", (row) => {
    expect(askedByText(row)).toBeUndefined();
  });
});

describe("a command that leaves the user in another shell", () => {
  it.each([
    "su",
    "su -",
    "su - bob",
    "su -l",
    "su -p bob",
    "su -s /bin/sh nobody",
    "su - bob -s /bin/bash",
    "sudo -i",
    "sudo -s",
    "sudo su -",
    "sudo -u bob -i",
    "sudo -iu bob",
    "sudo -s -u bob",
    "sudo -E -s",
    "sudo -u bob bash",
    "sudo VAR=1 bash",
    "sudo -- bash",
    "sudo -H -u x bash",
    "doas -s",
    "doas sh",
    "ssh host",
    "ssh user@host",
    "ssh -p 22 host",
    "ssh -p22 host",
    "ssh -tt host",
    "ssh -4 host",
    "ssh -J jump host",
    "ssh -o A=b -i key -l user host",
    "dbclient host",
    "bash",
    "bash -l",
    "bash -i",
    "bash --norc",
    "bash -o vi",
    "sh",
    "zsh -f",
    "fish",
    "dash",
    "busybox ash",
    "\\bash",
    "/bin/bash",
    "./bash",
    "A=1 bash",
    "exec bash",
    "exec zsh -l",
    "exec -a x bash",
    "env -i sh",
    "env A=b bash",
    "env -u X bash",
    "nohup bash",
    "nice -n 5 bash",
    "command bash",
    "setsid bash",
    "unshare -r bash",
    "docker exec -it c sh",
    "docker run -it --rm alpine sh",
    "podman exec -it c /bin/bash",
    "kubectl exec -it pod -- bash",
    "lxc-attach -n c -- bash",
    "chroot /mnt",
    "chroot /mnt /bin/sh",
    "nsenter -t 1 -m -u sh",
    "newgrp docker",
    "login",
    "cd /tmp && bash",
    "ls; bash",
    "ls\nbash",
  ])("%j", (command) => {
    expect(spawnsShell(command)).toBe(true);
  });

  it.each([
    "su -c id",
    "su - bob -c 'id'",
    "su --command=id",
    "sudo ls",
    "sudo -u bob ls",
    "sudo -iu bob ls",
    "sudo -i ls",
    "sudo",
    "sudo -k",
    "sudo -v",
    "sudo bash -c 'id'",
    "ssh host ls",
    "ssh -t host bash",
    "ssh -N host",
    "ssh -fN host",
    "ssh -V",
    "ssh -G host",
    "ssh",
    "bash script.sh",
    "bash -c ls",
    "bash -ic ls",
    "bash -x",
    "sh ./run",
    "exec",
    "exec ls",
    "exec 5>file",
    "exec >file",
    "exec </dev/null",
    "env",
    "env ls",
    "busybox ls",
    "docker exec c ls",
    "docker run alpine sh -c ls",
    "docker ps",
    "docker pull bash",
    "kubectl get pods",
    "kubectl exec pod -- ls",
    "chroot /mnt ls",
    "nsenter -t 1 -m",
    "cd /tmp; ls",
    "bash; ls",
    "bash && ls",
    "bash\nls",
    "bash &",
    "bash | cat",
    "bash < file",
    "bash > file",
    "echo x | bash",
    "echo `bash`",
    "vim",
    "python3",
    "top",
    "ls bash",
    "echo bash",
    "bash # comment",
    "bashful",
    "mybash",
    "",
  ])("is not %j", (command) => {
    expect(spawnsShell(command)).toBe(false);
  });
});
