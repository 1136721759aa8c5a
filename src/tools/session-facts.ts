// What a tool's own files tell about a session, without what they do not tell.
import type { SessionFacts } from "../core/transcript/reader.ts";

export function facts(told: { [K in keyof SessionFacts]: string | undefined }): SessionFacts {
  const { session, directory, title } = told;
  return {
    ...(session === undefined ? {} : { session }),
    ...(directory === undefined ? {} : { directory }),
    ...(title === undefined ? {} : { title }),
  };
}
