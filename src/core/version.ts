// The version of this program, as published. The bundler inlines it: nothing is read at run time.
import { version as published } from "../../package.json" with { type: "json" };

export const version: string = published;
