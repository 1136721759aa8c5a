// The table of settings: where each one is written, what it may be, and what it is for. Reading the
// layers and writing files is `config/`.
import { bootstrapParts } from "./bootstrap-parts.ts";
import { checkTag } from "./names/address.ts";
import { didYouMean } from "./names/suggest.ts";
import { exitCode, Refusal } from "./refusal.ts";
import {
  anyText,
  choice,
  flag,
  list,
  matching,
  type Rule,
  type SettingValue,
  seconds,
  shellWords,
  terminal,
} from "./setting-rule.ts";
import { presetsOfAll } from "./watch/preset.ts";

export type { SettingValue };

export interface Setting {
  /** Name on the command line. */
  key: string;
  /** Tables and key in config.toml. */
  toml: readonly string[];
  env: string;
  /** Keys of older generations, and the variables that belong to them. */
  aliases: readonly string[];
  envAliases: readonly string[];
  default: SettingValue;
  kind: Rule["kind"];
  /** All that it can be, where that is a list. */
  values?: readonly string[];
  /** What a number counts. */
  unit?: string;
  /** The value that a text stands for, or a Refusal that says what is allowed. */
  check(text: string): SettingValue;
  /** One sentence for people. */
  describe: string;
  /** It is taken and kept, and nothing asks for it. */
  hasNoEffect?: true;
  /** The value reaches a shell, so `check` refuses what a shell would act on. */
  endsInShell: boolean;
}

/**
 * All settings, in the order in which they are shown. Made when somebody asks: most starts of this
 * program, hooks above all, ask for none.
 */
export function settingRows(): readonly Setting[] {
  made ??= table();
  return made;
}

let made: readonly Setting[] | undefined;

/** The row of a key in any case, with or without `HCOM_`, also by an older name. */
export function findSetting(key: string): Setting {
  const wanted = bareKey(key);
  const found = settingRows().find((one) => one.key === wanted || one.aliases.includes(wanted));
  if (found !== undefined) return found;
  const keys = settingRows().map((one) => one.key);
  throw new Refusal({
    code: "unknown_setting",
    exit: exitCode.usage,
    message: `no setting "${key}"${didYouMean(wanted, keys)}`,
    hint: `settings: ${keys.join(", ")}`,
  });
}

function bareKey(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/^hcom_/, "");
}

/** Would a shell act on this text instead of passing it on? */
export function isShellUnsafe(text: string): boolean {
  return /[`$;|&\n\r]/.test(text);
}

function table(): readonly Setting[] {
  return [...preferences(), ...launching(), ...ofTools(), ...onScreen()];
}

function preferences(): Setting[] {
  return [
    row({
      key: "timeout",
      toml: "preferences.timeout",
      default: 86_400,
      rule: seconds(),
      hasNoEffect: true,
      describe: "Kept for scripts of earlier versions: no agent is made to wait any more.",
    }),
    row({
      key: "auto_approve",
      toml: "preferences.auto_approve",
      default: true,
      rule: flag(),
      describe: "Lets agents run hcom's harmless commands without asking you each time.",
    }),
    row({
      key: "name_export",
      toml: "preferences.name_export",
      rule: matching(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a shell variable"),
      describe: "An additional environment variable in which a launched agent finds its name.",
      endsInShell: true,
    }),
    row({
      key: "wake",
      toml: "preferences.wake",
      default: "auto",
      rule: choice(["auto", "watch", "tcp"]),
      describe:
        "How a waiting agent notices mail: watching the database, a local port, or as fits.",
    }),
    row({
      key: "broadcast",
      toml: "preferences.broadcast",
      default: "all",
      rule: choice(["all", "project"]),
      describe: "Whom a message without @ reaches: all agents, or those of the sender's project.",
    }),
  ];
}

function launching(): Setting[] {
  return [
    row({
      key: "tag",
      toml: "launch.tag",
      rule: { kind: "text", check: checkTag },
      describe: "Group that newly launched agents belong to; @<tag>- reaches all of them.",
      endsInShell: true,
    }),
    row({
      key: "hints",
      toml: "launch.hints",
      describe: "Text that an agent reads after each delivery.",
    }),
    row({
      key: "notes",
      toml: "launch.notes",
      describe: "Text that an agent reads once, when it learns about hcom.",
    }),
    row({
      key: "bootstrap_exclude",
      toml: "launch.bootstrap_exclude",
      default: "none",
      rule: list(bootstrapParts),
      describe:
        "Parts of that which an agent is not told, with commas between; none for all of it.",
    }),
    row({
      key: "subagent_timeout",
      toml: "launch.subagent_timeout",
      default: 30,
      rule: seconds(),
      describe: "How long in seconds a subagent that is done still waits for mail.",
    }),
    row({
      key: "config_dirs",
      toml: "launch.config_dirs",
      default: "home",
      rule: choice(["home", "beside"]),
      describe: "Where tools have settings and logins: at home, or beside a given HCOM_DIR.",
    }),
    row({
      key: "auto_subscribe",
      toml: "launch.auto_subscribe",
      aliases: ["default_subscriptions"],
      default: "collision",
      rule: list(presetsOfAll()),
      describe: "What new agents are told of, with commas between; none for nothing.",
    }),
    row({
      key: "auto_trust_workspace",
      toml: "launch.auto_trust_workspace",
      default: false,
      rule: flag(),
      describe: "Tells a launched tool that you trust the directory it starts in.",
    }),
  ];
}

function ofTools(): Setting[] {
  return [
    row({
      key: "claude_args",
      toml: "launch.claude.args",
      rule: shellWords(),
      describe: "Arguments for every Claude Code you launch.",
    }),
    row({
      key: "claude_delivery",
      toml: "launch.claude.delivery",
      default: "hooks",
      rule: choice(["native", "hooks", "typing"]),
      describe:
        "How mail reaches a launched Claude Code: hooks, typing, or its own process (a trial).",
    }),
    row({
      key: "codex_args",
      toml: "launch.codex.args",
      rule: shellWords(),
      describe: "Arguments for every Codex you launch.",
    }),
    row({
      key: "codex_system_prompt",
      toml: "launch.codex.system_prompt",
      describe: "Instructions of yours for every Codex you launch.",
    }),
    row({
      key: "codex_sandbox_mode",
      toml: "launch.codex.sandbox_mode",
      default: "none",
      rule: choice(["workspace", "untrusted", "danger-full-access", "none"], {
        "full-auto": "workspace",
      }),
      describe: "What a launched Codex may touch; with none your own settings of Codex decide.",
    }),
    row({
      key: "gemini_args",
      toml: "launch.gemini.args",
      rule: shellWords(),
      describe: "Arguments for every Gemini CLI you launch.",
    }),
    row({
      key: "gemini_system_prompt",
      toml: "launch.gemini.system_prompt",
      describe: "Instructions of yours for every Gemini CLI you launch.",
    }),
    row({
      key: "opencode_args",
      toml: "launch.opencode.args",
      rule: shellWords(),
      describe: "Arguments for every OpenCode you launch.",
    }),
  ];
}

function onScreen(): Setting[] {
  return [
    row({
      key: "terminal",
      toml: "terminal.active",
      default: "default",
      rule: terminal(),
      describe:
        "Where agents open: here, tmux, kitty ..., a command with {script}, or default: what fits.",
      endsInShell: true,
    }),
    row({
      key: "title_mode",
      toml: "terminal.title_mode",
      default: "combined",
      rule: choice(["combined", "label", "off"]),
      describe: "The terminal's title: ours beside the tool's, only ours, or only the tool's.",
    }),
    row({
      key: "dashboard_keys",
      toml: "dashboard.keys",
      describe:
        "Other keys in the dashboard, as in: kill=ctrl+k, stop=ctrl+x. Its ? names the actions.",
    }),
    row({
      key: "dashboard_notice",
      toml: "dashboard.notice",
      default: "desktop",
      rule: choice(["desktop", "bell", "off"]),
      describe: "How an open dashboard tells that an agent asks you.",
    }),
    row({
      key: "dashboard_mouse",
      toml: "dashboard.mouse",
      default: false,
      rule: flag(),
      describe:
        "Mouse in the dashboard: wheel, clicks; your terminal then selects with Shift held.",
    }),
  ];
}

function row(given: {
  key: string;
  toml: string;
  describe: string;
  default?: SettingValue;
  rule?: Rule;
  aliases?: string[];
  endsInShell?: boolean;
  hasNoEffect?: true;
}): Setting {
  const { key, describe, rule = anyText, aliases = [], endsInShell = false } = given;
  const initial = given.default ?? "";
  const check = (text: string) => {
    const refuse = (wanted: string) => refusal(key, text, wanted);
    if (endsInShell && isShellUnsafe(text)) throw refuse("free of ` $ ; | & and line breaks");
    if (text.trim() !== "" || rule.kind === "flag") return rule.check(text, refuse);
    return rule.kind === "text" ? "" : initial;
  };
  return {
    key,
    toml: given.toml.split("."),
    env: variable(key),
    aliases,
    envAliases: aliases.map(variable),
    default: initial,
    kind: rule.kind,
    ...(rule.values === undefined ? {} : { values: rule.values }),
    ...(rule.unit === undefined ? {} : { unit: rule.unit }),
    check,
    describe,
    ...(given.hasNoEffect === undefined ? {} : { hasNoEffect: given.hasNoEffect }),
    endsInShell,
  };
}

function variable(key: string): string {
  return `HCOM_${key.toUpperCase()}`;
}

function refusal(key: string, text: string, wanted: string): Refusal {
  return new Refusal({
    code: "invalid_setting",
    exit: exitCode.usage,
    message: `${key} must be ${wanted}, not ${JSON.stringify(text)}`,
    hint: `what it is for: hcom config ${key} --info`,
  });
}
