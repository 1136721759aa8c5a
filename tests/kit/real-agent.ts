// A fresh home for one real vendor CLI, seeded so that it starts without a question and talks to
// the scripted model only. It installs no hooks: that is hcom's own business in a test.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findVendor } from "./vendor.ts";
import type { VendorTool, VendorVersion } from "./vendor-versions.ts";

export interface RealAgentOptions {
  /** The folder to live in; `shortTempDir().path`, say. Home, config and project go below it. */
  dir: string;
  /** `ModelServer.url` */
  modelUrl: string;
  version: VendorVersion;
  /** More variables for the CLI and everything it starts; overrides. */
  env?: Record<string, string>;
}

export interface RealAgent {
  /** The complete environment: nothing of the test's own leaks in but PATH. */
  env: Record<string, string>;
  binary: string;
  cwd: string;
  configDir: string;
}

export interface TempDir {
  path: string;
  [Symbol.dispose](): void;
}

/**
 * Short, because unix sockets below it must fit into 104 bytes; not below /tmp, where Codex makes no
 * helpers of its sandbox, which fails without them once there is a bubblewrap. Declare it before the
 * terminal with `using`: it then goes after the CLI, which writes until its end.
 */
export function shortTempDir(): TempDir {
  const path = realpathSync(mkdtempSync("/var/tmp/he-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Start a terminal session with `--permission-mode manual`, or the model judges permissions. */
export function prepareClaude(options: RealAgentOptions): RealAgent {
  const place = makePlace(options, "claude");
  const key = "sk-mock-key-0123456789abcdef";
  const settings = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [place.cwd]: { hasTrustDialogAccepted: true, allowedTools: [] } },
  };
  writeFileSync(join(place.configDir, ".claude.json"), JSON.stringify(settings));
  return {
    ...place,
    env: {
      ...baseEnv(options.dir),
      CLAUDE_CONFIG_DIR: place.configDir,
      ANTHROPIC_BASE_URL: options.modelUrl,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      ...options.env,
    },
  };
}

export interface RealCodexOptions extends RealAgentOptions {
  /** A name Codex knows brings that model's tools: "gpt-5.5" offers `apply_patch`. */
  model?: string;
}

export function prepareCodex(options: RealCodexOptions): RealAgent {
  const place = makePlace(options, "codex");
  const config = codexConfig(place.cwd, options.modelUrl, options.model ?? "mock-model");
  writeFileSync(join(place.configDir, "config.toml"), config);
  const env = { ...baseEnv(options.dir), CODEX_HOME: place.configDir, MOCK_KEY: "x" };
  return { ...place, env: { ...env, ...options.env } };
}

function codexConfig(cwd: string, modelUrl: string, model: string): string {
  return `model = "${model}"
model_provider = "mock"
check_for_update_on_startup = false

[model_providers.mock]
name = "mock"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "MOCK_KEY"
request_max_retries = 1
stream_max_retries = 1
supports_websockets = false

[analytics]
enabled = false

[projects."${cwd}"]
trust_level = "trusted"

# A model that has a successor opens a dialog at start unless that very successor was declined.
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
`;
}

function prepareGemini(options: RealAgentOptions): RealAgent {
  const place = makePlace(options, "gemini");
  const configDir = join(options.dir, "home/.gemini");
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    // Chosen by name, or a request to a second model would choose.
    model: { name: "gemini-2.5-flash" },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
  };
  mkdirSync(configDir, { recursive: true });
  writeFileSync(join(configDir, "settings.json"), JSON.stringify(settings, null, 2));
  const env = {
    ...baseEnv(options.dir),
    GEMINI_API_KEY: "mock",
    GOOGLE_GEMINI_BASE_URL: options.modelUrl,
  };
  return { ...place, configDir, env: { ...env, ...options.env } };
}

function prepareOpencode(options: RealAgentOptions): RealAgent {
  const place = makePlace(options, "opencode");
  const configDir = join(options.dir, "home/.config/opencode");
  const model = { name: "Mock", tool_call: true, limit: { context: 100_000, output: 8000 } };
  const provider = {
    npm: "@ai-sdk/openai-compatible",
    name: "Mock",
    options: { baseURL: `${options.modelUrl}/v1`, apiKey: "x" },
    models: { "mock-model": model },
  };
  const settings = {
    autoupdate: false,
    share: "disabled",
    provider: { mock: provider },
    model: "mock/mock-model",
    small_model: "mock/mock-model",
  };
  mkdirSync(configDir, { recursive: true });
  writeFileSync(join(configDir, "opencode.json"), JSON.stringify(settings, null, 2));
  const env = {
    ...baseEnv(options.dir),
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  };
  return { ...place, configDir, env: { ...env, ...options.env } };
}

/** The same for whichever program is asked for. */
export const prepare: Record<VendorTool, (options: RealAgentOptions) => RealAgent> = {
  claude: prepareClaude,
  codex: prepareCodex,
  gemini: prepareGemini,
  opencode: prepareOpencode,
};

function makePlace(options: RealAgentOptions, tool: VendorTool): Omit<RealAgent, "env"> {
  const binary = findVendor(tool, options.version);
  if (binary === null) throw new Error(`no ${tool} (${options.version}): run vendor-clis.ts`);
  const configDir = join(options.dir, tool);
  const cwd = join(options.dir, "project");
  for (const dir of [configDir, cwd, join(options.dir, "home")]) {
    mkdirSync(dir, { recursive: true });
  }
  return { binary, cwd, configDir };
}

function baseEnv(dir: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: join(dir, "home"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
  };
}
