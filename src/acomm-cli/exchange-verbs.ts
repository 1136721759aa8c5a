// Whole stores between files and the store that was chosen.
import { storeName } from "../bus/channels/locate.ts";
import { type Form, headForm, seedForm } from "../core/channels/snapshot.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { absoluteIn } from "../sys/hcom-dir.ts";
import type { Verb } from "./verb.ts";

const forms = new Map<string, Form>([
  ["seed", seedForm],
  ["head", headForm],
]);

export const exchangeVerbs: readonly Verb[] = [
  {
    words: "import",
    about: "take what is in a file into the store; what is there already is not doubled",
    positionals: [{ name: "FILE", about: "an .acomm file of any version" }],
    examples: ["acomm import old.acomm --bus"],
    access: "wide",
    isChanging: true,
    async run({ args, system, store }) {
      const [name, into] = [args.text("FILE"), store()];
      const { importDocument } = await import("../bus/channels/document-exchange.ts");
      const taken = await importDocument(system, { file: absoluteIn(system.cwd, name), into });
      return {
        added: taken.added,
        file: name,
        known: taken.known,
        left_out: taken.leftOut,
        renumbered: taken.renumbered,
        status: "imported",
        store: storeName(into),
      };
    },
  },
  {
    words: "export",
    about: "write everything that is in the store to a file",
    positionals: [{ name: "FILE", about: "the .acomm file to write" }],
    flags: [
      {
        name: "form",
        value: "FORM",
        about: "seed, which every acomm opens, or head, the newest; default: as the store came",
      },
      { name: "force", about: "replace a file that is there" },
    ],
    examples: ["acomm export backup.acomm --bus"],
    access: "wide",
    isChanging: true,
    async run({ args, system, store }) {
      const [name, from] = [args.text("FILE"), store()];
      const form = formNamed(args.flag("form"));
      const { exportDocument } = await import("../bus/channels/document-exchange.ts");
      const file = absoluteIn(system.cwd, name);
      const given = await exportDocument(system, { from, file, form, isForced: args.has("force") });
      return {
        channels: given.channels,
        file: name,
        lost: given.lost,
        messages: given.messages,
        status: "exported",
        store: storeName(from),
        subscriptions: given.subscriptions,
      };
    },
  },
];

function formNamed(name: string | undefined): Form | undefined {
  if (name === undefined) return undefined;
  const form = forms.get(name.toLowerCase());
  if (form !== undefined) return form;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `--form is one of ${[...forms.keys()].join(", ")}, not "${name}"`,
  });
}
