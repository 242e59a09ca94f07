// Words → a line for a terminal, in which the shell there reads each of them as it is: a folder may be named `$(x)`.

// A word that no shell changes.
const PLAIN = /^[\w./:\\+-]+$/;

// shell: the path of the one that the terminal runs.
function commandLine(words, shell) {
  const name = /[^\\/]*$/.exec(shell)[0].toLowerCase().replace(/\.exe$/, "");
  if (name === "powershell" || name === "pwsh") {
    // Without an `&`, what is quoted is a text there, and no command. Typographic quotes end it as well.
    return `& ${words.map((word) => `'${word.replace(/['‘’‚‛]/g, "$&$&")}'`).join(" ")}`;
  }
  // Names of files on Windows have no quotes.
  if (name === "cmd") return words.map((word) => (PLAIN.test(word) ? word : `"${word}"`)).join(" ");
  // In double quotes, `$`, a backquote and `!` would mean something; unquoted, a backslash.
  const isPlain = (word) => PLAIN.test(word) && !word.includes("\\");
  return words.map((word) => (isPlain(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

module.exports = { commandLine };
