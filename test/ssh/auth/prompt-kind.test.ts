import { describe, expect, it } from "vitest";
import { kindOf, namedUser, type PromptKind } from "../../../src/ssh/auth/prompt-kind.ts";

/** Questions as PAM modules, RADIUS servers, appliances and localised systems ask them; a pair is a prompt and its instruction. */
const QUESTIONS: Readonly<
  Record<PromptKind, readonly (string | readonly [prompt: string, around: string])[]>
> = {
  password: [
    "Password: ",
    "password:",
    "jo@host's password: ",
    "Passwort: ",
    "Mot de passe : ",
    "密码：",
    "密码:",
    "Contraseña: ",
    "Пароль: ",
    "パスワード: ",
    "비밀번호: ",
    "Enter password for jo:",
    "LDAP Password: ",
    "(jo@web1) Password: ",
    "Password for jo@EXAMPLE.COM: ",
    "Kennwort:",
    "Hasło: ",
    "Adgangskode: ",
    "Lösenord: ",
    "Wachtwoord:",
    "Senha: ",
    "Adgangskode for jo: ",
    "UNIX password: ",
    "Enter your Active Directory password: ",
    "PASSWORD",
    "Password?",
    "请输入密码：",
    "Welcome to the gateway\nPassword: ",
    "Password: \n",
    "RADIUS password: ",
    "Your password will expire in 3 days.\nPassword: ",
    "Please enter your password",
    "jo's password:",
    "Κωδικός πρόσβασης: ",
    "Enter password\n> ",
  ],
  code: [
    "Kertakäyttöinen salasana: ",
    "Egyszer használatos jelszó: ",
    "Enkratno geslo: ",
    "短信密码：",
    "Mật khẩu một lần: ",
    "SMS code: ",
    "Verification code: ",
    "One-time password (OATH) for `jo': ",
    "Passcode or option (1-3): ",
    "Enter PASSCODE:",
    "OTP: ",
    "Token: ",
    "Token code: ",
    "Tokencode:",
    "One-time Password: ",
    "OTP Password:",
    "Enter the 6-digit code from your authenticator app: ",
    "Code: ",
    "Yubikey for `jo': ",
    "验证码：",
    "动态密码：",
    "Einmalpasswort: ",
    "Bestätigungscode: ",
    "Code de vérification : ",
    "Código de verificación: ",
    "ワンタイムパスワード: ",
    "일회용 비밀번호: ",
    "Одноразовый пароль: ",
    "2FA code: ",
    "Duo two-factor login for jo\n\nEnter a passcode or select one of the following options:\n\n 1. Duo Push\n\nPasscode or option (1-1): ",
    "Hasło jednorazowe: ",
    "Enter the verification code sent to you",
    ["Response: ", "Enter your token code"],
    "Second factor verification code:",
    "MFA Code:",
    "Engangskode: ",
  ],
  change: [
    "Repetir contraseña: ",
    "Set a password: ",
    "Смените пароль: ",
    "새 암호: ",
    "パスワード（確認）: ",
    "Senha atual: ",
    "New password: ",
    "Retype new password: ",
    "Current password: ",
    "(current) UNIX password: ",
    "Old Password:",
    "Password again: ",
    "Neues Passwort: ",
    "新密码：",
    "Nouveau mot de passe : ",
    "Confirm password:",
    "Re-enter password",
    "Enter new UNIX password:",
    "You are required to change your password immediately (password expired).\nPassword: ",
    "Новый пароль:",
    "新しいパスワード:",
    "Enter new PIN: ",
    "Your password has expired\nPassword: ",
    "重新输入密码：",
    "Nueva contraseña:",
  ],
  pin: ["PIN: ", "Enter your PIN: "],
  mixed: [
    "Пароль из СМС: ",
    "SMS password: ",
    "Enter PIN for token: ",
    "Password + OTP: ",
    "Password & verification code: ",
    "Enter your password followed by your token code: ",
    ["Password: ", "Enter your token code"],
    "s/key 99 ho17863\nPassword: ",
  ],
  choice: [
    "Accept the terms (yes/no)? ",
    "Continue [y/N]? ",
    "Press return to go on",
    "Do you accept and acknowledge the statement above ? (yes/no) : ",
    "Do you want to change your password? ",
  ],
  challenge: ["Response: ", "otp-md5 499 ke1234 ext\nResponse: "],
  other: ["Your name: ", "login as: ", "Favourite colour: ", "", "Username:", "Memorable word: "],
};

describe("what a question at login asks for", () => {
  for (const [kind, questions] of Object.entries(QUESTIONS)) {
    it.each(questions.map((one) => (typeof one === "string" ? [one, ""] : one)))(
      `is ${kind}: %j %s`,
      (prompt, around) => {
        expect(kindOf({ prompt, echo: false, around })).toBe(kind);
      },
    );
  }

  it("reads no more of a prompt than an honest server sends, and of that the end", () => {
    expect(kindOf({ prompt: `${"x".repeat(500_000)}\nPassword: `, echo: false })).toBe("password");
    expect(kindOf({ prompt: `${"enter new ".repeat(100_000)}\nToken: `, echo: false })).toBe("code");
  });

  it.each([
    ["root@10.0.0.1's password: ", "root"],
    ["(jump) jo@web1's password:", "jo"],
    ["Password for ops@EXAMPLE.COM: ", "ops"],
    ["Password for the gateway: ", undefined],
    ["jo's password:", "jo"],
    ["Root password: ", "Root"],
    ["Password for root: ", "root"],
    ['Password of user "ops": ', "ops"],
    ["Enter your password: ", undefined],
    ["Password: ", undefined],
  ])("sees whose password %j asks for", (prompt, user) => {
    expect(namedUser({ prompt })).toBe(user);
  });
});
