// Names and words that do not belong into this project.
import { homedir } from "node:os";
import type { Files } from "./files.ts";
import { code } from "./files.ts";
import { lex, lineAt } from "./lexer.ts";

const banned = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\.test)?(?:\.ts)?(?=\/|$)/;

export function namesSaySomething(files: Files): string[] {
  return code(files)
    .filter(([path]) => banned.test(path))
    .map(([path]) => `${path} has a name that says nothing`);
}

export function exportsAreNamed(files: Files): string[] {
  return code(files)
    .filter(([path]) => !/^src\/commands\/(?!index\.ts)|\.d\.ts$/.test(path))
    .flatMap(([path, text]) => {
      const { bare } = lex(text);
      return [...bare.matchAll(/^\s*export default\b|\bas default\b/gm)].map(
        (match) =>
          `${path}:${lineAt(bare, match.index)} a default export, which only commands have`,
      );
    });
}

const postponed = /\b(?:TODO|FIXME|XXX)\b/g;

export function nothingIsPostponed(files: Files): string[] {
  return code(files)
    .filter(([path]) => !path.startsWith("tests/tidy"))
    .flatMap(([path, text]) =>
      [...text.matchAll(postponed)].map(
        (match) => `${path}:${lineAt(text, match.index)} ${match[0]}: open an issue instead`,
      ),
    );
}

const foreignTag = /\bT-\d+\b|\bseed'?s\b/g;

/** A reader cannot look up what is not in the repository. */
export function commentsStandAlone(files: Files): string[] {
  return code(files).flatMap(([path, text]) => {
    const { comments } = lex(text);
    return [...comments.matchAll(foreignTag)].map(
      (match) =>
        `${path}:${lineAt(comments, match.index)} ${match[0]} is of a document that is not here`,
    );
  });
}

const elsewhere = /(?<![\w.~-])\/work\/|\.\.\/shared\//g;

/** `places` are folders of the machine we run on; too short ones would be found everywhere. */
export function noPathsOfThisMachine(files: Files, places: readonly string[]): string[] {
  const long = places.filter((place) => place.split("/").length > 2);
  return [...files].flatMap(([path, text]) => [
    ...[...text.matchAll(elsewhere)].map(
      (match) => `${path}:${lineAt(text, match.index)} a path of another machine`,
    ),
    ...long
      .filter((place) => text.includes(`${place}/`))
      .map((place) => `${path} names ${place}, a folder of this machine`),
  ]);
}

export function thisMachine(root: string): string[] {
  return [root, homedir()];
}
