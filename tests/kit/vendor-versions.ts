// The vendor CLI versions that the end-to-end tests run against. Raise them here and nowhere else.

export const vendorTools = ["claude", "codex", "gemini", "opencode"] as const;

export type VendorTool = (typeof vendorTools)[number];

/** `newest` is what users get today, `pin` the oldest version we promise to work with. */
export type VendorVersion = "newest" | "pin";

export interface VendorPackage {
  name: string;
  versions: { newest: string; pin?: string };
  /**
   * Where the program lies below `node_modules/`. The platform package is an optional
   * dependency, so that npm installs just the one that fits and the pattern matches once.
   */
  binary: string;
}

export const vendorPackages: Record<VendorTool, VendorPackage> = {
  claude: {
    name: "@anthropic-ai/claude-code",
    versions: { newest: "2.1.332", pin: "2.1.216" },
    binary: "@anthropic-ai/claude-code-*/claude",
  },
  codex: {
    name: "@openai/codex",
    versions: { newest: "0.171.0", pin: "0.145.0" },
    binary: "@openai/codex-*/vendor/*/bin/codex",
  },
  gemini: {
    name: "@google/gemini-cli",
    versions: { newest: "0.61.0" },
    binary: "@google/gemini-cli/bundle/gemini.js",
  },
  opencode: {
    name: "opencode-ai",
    versions: { newest: "1.18.33" },
    binary: "opencode-*64/bin/opencode",
  },
};
