/**
 * Words by which a question at login says what it asks for, in the languages that PAM, RADIUS servers and appliances speak.
 * Compared in lower case after Unicode NFKC; letters around a word end it, whatever their script (`\b` knows ASCII only).
 */

/** A password that is in use: what a `password_*` reference holds. */
export const PASSWORD = words(
  "password|passwd|passwort|kennwort|mot de passe|contraseña|contrasena|clave|senha|palavra-passe|palavra passe",
  "contrasenya|contrasinal|pasahitza|wachtwoord|lösenord|losenord|adgangskode|kodeord|passord|lykilorð|aðgangsorð",
  "salasana|hasło|haslo|heslo|jelszó|jelszo|parola|parolă|şifre|sifre|şifresi|parolası|пароль|парола|лозинка",
  "lozinka|zaporka|geslo|slaptažodis|slaptazodis|parole|parool|salasõna|κωδικός πρόσβασης|κωδικός|συνθηματικό",
  "סיסמה|סיסמא|كلمة المرور|كلمة السر|گذرواژه|رمز عبور|mật khẩu|mat khau|kata sandi|kata laluan|sandi|पासवर्ड",
  "fjalëkalimi|пароля|құпия сөз|pasvorto|pasfhocal|cyfrinair",
);

/** The same in scripts that put no space between words. */
export const PASSWORD_PARTS = parts("密码|密碼|口令|パスワード|비밀번호|암호|패스워드|รหัสผ่าน");

/**
 * A code for one login only. Matched before the passwords and taken out of the text: "one-time password" asks for no
 * password.
 */
export const CODE = words(
  "kertakäyttö\\p{L}*(?: salasana| koodi)?|egyszer használatos(?: jelszó| kód)?|egyszeri (?:jelszó|kód)",
  "enkratn\\p{L}+(?: geslo| koda)?|jednokratn\\p{L}+(?: lozinka| zaporka| kod)?|једнократн\\p{L}+(?: лозинка| код)?",
  "еднократн\\p{L}+(?: парола| код)?|vienkartin\\p{L}+(?: slaptažodis| kodas)?|vienreizēj\\p{L}+(?: parole| kods)?",
  "ühekordne(?: parool| kood)?|parol[aă] (?:unică|de unică folosință)|סיסמה חד[- ]פעמית|mật khẩu (?:dùng )?một lần",
  "kata sandi sekali pakai|sms|смс|text message",
  "one[- ]?time[- ]?(?:password|passwort|passcode|passphrase|code|pin|key|token)s?|single[- ]use (?:password|code)",
  "(?:h|t)?otp(?:[- ]?(?:code|password|token|value|pin|key))?s?|(?:security |hardware |soft |rsa |auth )?tokens?",
  "token[- ]?code|token password|next ?code|pass[- ]?code|verification(?: code)?|verify code",
  "(?:security|sms|e-?mail|auth(?:entication|enticator|orization)?|access|login|confirmation|backup|recovery) code",
  "authenticator(?: app)?|(?:2|two|multi)[- ]?(?:fa|factor|step)(?: code)?|mfa(?: code)?|securid|yubikey",
  "(?:\\d+|six|eight)[- ]digit (?:code|number)|dynamic password|code|codes|duo|safenet|fortitoken",
  "einmal[- ]?(?:passwort|kennwort|code)|\\p{L}*code|tan|zugangscode|jeton|code à usage unique",
  "mot de passe à usage unique|mot de passe unique|mot de passe jetable|código|codigo|codi",
  "(?:contraseña|contrasena|clave) de (?:un solo uso|uso único|uso unico)|clave dinámica|codice|monouso",
  "password monouso|senha de uso único|senha descartável|token de acesso|eenmalige? (?:wachtwoord|code)|eenmalig",
  "engångs(?:kod|lösenord)|verifieringskod|kod|kode|engangskode|engangskodeord|bekreftelseskode|engangspassord",
  "kertakäyttö\\p{L}*|koodi|vahvistuskoodi|jednorazow\\p{L}+|hasło jednorazowe|kod jednorazowy",
  "jednoráz\\p{L}+(?: heslo| kód)?|kód|ověřovací kód|egyszer\\p{L}+|tek kullanımlık (?:şifre|parola|kod)",
  "doğrulama kodu|kodu|одноразов\\p{L}+(?: пароль| код)?|код|код подтверждения|токен|код підтвердження",
  "κωδικός (?:μίας|μιας) χρήσης|κωδικός επαλήθευσης|mã xác (?:thực|minh)|mã otp|kode verifikasi|kod pengesahan",
  "رمز التحقق|קוד אימות|קוד",
);

export const CODE_PARTS = parts(
  "短信密码|簡訊密碼|手机密码|验证码|驗證碼|动态密码|動態密碼|动态口令|动态码|一次性密码|一次性密碼|一次性口令|令牌|校验码|认证码|認證碼|ワンタイムパスワード|ワンタイム|認証コード|確認コード|検証コード|トークン|セキュリティコード",
  "일회용 비밀번호|일회용|인증번호|인증 번호|인증 코드|확인 코드|보안 코드|รหัสยืนยัน",
);

/** A personal number of a token or a card: neither the password nor a code. */
export const PIN = words("pin|pins|pin-code|pin code|pincode|pin码|pin碼|пин|пин-код|暗証番号");

/** A question and an answer of challenge and response (S/Key, OPIE, cards with a keypad). */
export const CHALLENGE = words("challenge|response|s/?key|otp-(?:md4|md5|sha1)|opie|skey|herausforderung");

/** Beside a password: it asks for another one than the one in use, or for the one in use in order to change it. */
export const CHANGE = words(
  "repet\\p{L}+|re enter|set|pick|desired|смен\\p{L}+|измен\\p{L}+|змін\\p{L}+|modif\\p{L}+|cambi\\p{L}+|wijzig\\p{L}*|zmień|změn\\p{L}+",
  "new|old|current|previous|existing|re-?typed?|re-?type|re-?enter|re-?input|repeat|confirm|confirmation|verify",
  "verifying|again|once more|changed?|changing|choose|create|reset|update|second time|expired|neues?|neuen|neuer",
  "altes?|alten|aktuelles?|bisheriges|wiederholen|wiederholung|bestätigen|erneut|nochmals?|ändern|nouveau|ancien",
  "actuel|confirm\\p{L}+|retap\\p{L}+|ressais\\p{L}+|répét\\p{L}+|encore|nueva|nuevo|antigua|anterior|actual",
  "repit\\p{L}+|confirme|vuelva|cambiar|nuova|vecchia|attuale|ripet\\p{L}+|conferm\\p{L}+|reinser\\p{L}+|nova",
  "antiga|atual|redigite|novamente|nieuwe?|oude?|huidige?|herhaal|bevestig|opnieuw|nowe|stare|obecne|bieżące",
  "powtórz|potwierdź|ponownie|ny|nytt|nye|gammalt|gammelt|nuvarande|nuværende|nåværende|upprepa|bekräfta|gentag",
  "bekræft|gjenta|bekreft|uusi|vanha|nykyinen|uudelleen|nové|staré|současné|zopakujte|znovu|potvr\\p{L}+|új|régi",
  "jelenlegi|ismét|újra|yeni|eski|şimdiki|tekrar|doğrula\\p{L}*|новый|новая|старый|текущий|повтор\\p{L}*",
  "подтверд\\p{L}*|ещё раз|новий|старий|поточний|підтверд\\p{L}*|нова|νέος?|νέο|παλιός?|τρέχων|επιβεβαί\\p{L}+|mới",
  "cũ|hiện tại|baru|lama|الجديدة|الحالية|تأكيد|חדשה|נוכחית|noua?|nouă|veche|actuală|confirmați",
);

export const CHANGE_PARTS = parts(
  "新密码|新密碼|新的|新口令|旧密码|舊密碼|当前|目前|重新输入|重新輸入|再次|确认|確認|重复|重複|修改|更改|原密码|新しい|新パスワード|現在の|古い|再入力|もう一度|変更|새 |새로운|현재|기존|다시",
  "확인|재입력|변경|ใหม่|ยืนยัน|เดิม",
);

/** Says around a question that the password has to be replaced; that it "will expire" does not. */
export const EXPIRED = words(
  "(?:has|is|have|was) (?:already )?(?:been )?expired|(?:password|account|passwd) expired",
  "expired (?:password|account)",
  "(?:must|have to|required to|need to|has to|should) (?:be )?(?:chang\\p{L}+|choose|set|updat\\p{L}+|reset)",
  "(?:enter|choose|create|set|type|select)(?: in)?(?: a| an| your| the)? new|change your password|new password",
  "ist abgelaufen|(?:muss|müssen) .{0,40}ändern|neues (?:passwort|kennwort)|a expiré|nouveau mot de passe",
  "ha (?:caducado|expirado)|nueva contraseña|è scaduta|nuova password|expirou|nova senha|is verlopen|истек|истёк",
  "новый пароль|wygasło|vypršela",
);
export const EXPIRED_PARTS = parts(
  "已过期|已過期|过期|新密码|有効期限が切れ|新しいパスワード|만료|새 비밀번호",
);

/** Wants a choice or a nod. */
export const CHOICE = words(
  "\\(?y(?:es)?\\s*[/|]\\s*n(?:o)?\\)?|yes or no|j(?:a)?\\s*/\\s*n(?:ein)?|o(?:ui)?\\s*/\\s*n(?:on)?",
  "s[iíì]?\\s*/\\s*n(?:o)?|д(?:а)?\\s*/\\s*н(?:ет)?|(?:do|did|would|will|are|have) you|i (?:accept|agree)|accept",
  "agree|acknowledge|(?:press|hit) .{0,30}(?:enter|return|key)|to continue|zum fortfahren|drücken sie|appuyez",
  "pulse",
);
export const CHOICE_PARTS = parts("是/否", "按回车", "按任意键", "はい/いいえ", "예/아니오");

/** Each text is alternatives of a regular expression. */
function words(...lists: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${lists.join("|")})(?![\\p{L}\\p{N}])`, "gu");
}

function parts(...list: readonly string[]): RegExp {
  return new RegExp(list.join("|"), "gu");
}
