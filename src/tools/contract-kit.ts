// For contract.test.ts: what a tool's folder says about its recordings, and how they are read.
// Nothing in the program imports this file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fact, FactKind } from "../core/fact.ts";
import { asObject, type JsonObject, parseJson } from "../core/json.ts";
import type { Env, ScreenRow } from "./tool.ts";

export interface Expectations {
  /** Payload recording (below `fixtures/`, without `.json`) -> hook, fact kind, and some fields. */
  payloads: Readonly<Record<string, [hook: string, kind: FactKind, has?: Partial<Fact>]>>;
  /** Screen recording -> what its readers say. */
  screens: Readonly<Record<string, ScreenExpectation>>;
  transcripts: readonly TranscriptExpectation[];
  /** Texts per settings file (by the end of its path) that are not what the tool accepts. */
  broken: Readonly<Record<string, readonly string[]>>;
}

export interface ScreenExpectation {
  title?: string;
  input: string | null;
  approval?: boolean;
  busy?: boolean | null;
  launchQuestion?: boolean;
}

export interface TranscriptExpectation {
  file: string;
  /** Texts that stand in the model's context. */
  reached: readonly string[];
  /** Texts that stand in the file, but never reached the model. */
  lost: readonly string[];
}

export interface Recording {
  payload: JsonObject;
  env: Env;
}

export class Fixtures {
  private readonly folder: string;

  constructor(tool: string) {
    this.folder = join(import.meta.dir, tool, "fixtures");
  }

  text(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  recording(name: string): Recording {
    const { stdin, env } = asObject(parseJson(this.text(`${name}.json`)));
    const texts = Object.entries(asObject(env)).map(
      ([key, value]) => [key, String(value)] as const,
    );
    return { payload: asObject(stdin), env: Object.fromEntries(texts) };
  }

  /** All payload recordings that are there, whether the manifest names them or not. */
  recordings(): string[] {
    return readdirSync(this.folder).flatMap((version) =>
      readdirSync(join(this.folder, version))
        .filter((file) => /^[A-Z].*\.json$/.test(file))
        .map((file) => `${version}/${file.slice(0, -".json".length)}`),
    );
  }

  screens(): string[] {
    return readdirSync(this.folder).flatMap((version) =>
      readdirSync(join(this.folder, version, "screens")).map(
        (file) => `${version}/screens/${file}`,
      ),
    );
  }

  rows(name: string): ScreenRow[] {
    return rowsOf(this.text(name));
  }
}

/** Rows of `tmux capture-pane -p [-e]`: of the attributes only "dim" matters. */
export function rowsOf(text: string): ScreenRow[] {
  let isDim = false;
  return text.split("\n").map((line) => {
    let plain = "";
    const dim: boolean[] = [];
    for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
      if (part.startsWith("\u001b[")) isDim = dimAfter(part.slice(2, -1), isDim);
      else {
        plain += part;
        for (let at = 0; at < part.length; at++) dim.push(isDim);
      }
    }
    return { text: plain, dim };
  });
}

function dimAfter(codes: string, before: boolean): boolean {
  let isDim = before;
  const list = codes === "" ? ["0"] : codes.split(";");
  for (let at = 0; at < list.length; at++) {
    const code = list[at];
    // 38;5;n and 38;2;r;g;b: their numbers are colours.
    if (code === "38" || code === "48") at += list[at + 1] === "5" ? 2 : 4;
    else if (code === "0" || code === "22") isDim = false;
    else if (code === "2") isDim = true;
  }
  return isDim;
}
